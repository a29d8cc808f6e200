package io.rolehost.jobs.artemis;

/** Artemis by its own protocol. */
final class ArtemisEngineTest extends QueueEngineContract {

  @Override
  protected String url(int port) {
    return "tcp://127.0.0.1:" + port;
  }
}
