import { notFound } from '@flotilla/contracts/errors';
import { Controller, Get, Header, NotFoundException, Param } from '@nestjs/common';
import { Mailbox } from '../mail/mailbox.js';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/** `/mail` on the private port, where mails are kept in a directory. */
@Controller('mail')
export class MailboxController {
  constructor(private readonly mailbox: Mailbox) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  index(): Promise<string> {
    return this.mailbox.index();
  }

  @Get(':id')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  async show(@Param('id') id: string): Promise<string> {
    const page = await this.mailbox.show(id);
    if (page === null) throw new NotFoundException(notFound('mail').message);
    return page;
  }
}
