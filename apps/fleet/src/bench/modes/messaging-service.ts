import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { natsService } from '@flotilla/messaging/nats-service';
import { type ProcessConfig, processConfig } from '@flotilla/runtime/config';
import { Controller, type DynamicModule, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { connect } from '@nats-io/transport-node';
import { clientOptions, ECHO_SUBJECT, RAW_SUBJECT } from './messaging-subjects.js';

@Controller()
class EchoController {
  @MessagePattern(ECHO_SUBJECT)
  echo(@Payload() request: object): Promise<object> {
    return Promise.resolve(request);
  }
}

/** Answers with what it was asked, as every service of the fleet answers. */
@Module({})
class EchoModule {
  static forRoot(config: ProcessConfig): DynamicModule {
    return {
      module: EchoModule,
      imports: [MessagingModule.forRoot({ ...config, service: 'bench' })],
      controllers: [EchoController],
    };
  }
}

const { natsUrl } = processConfig();
await natsService({ name: 'bench', module: EchoModule, config: processConfig })(process.env);

const bare = await connect(clientOptions(natsUrl));
bare.subscribe(RAW_SUBJECT, {
  queue: 'bench',
  callback: (_error, message) => {
    message.respond(JSON.stringify(message.json()));
  },
});
await bare.flush();
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
