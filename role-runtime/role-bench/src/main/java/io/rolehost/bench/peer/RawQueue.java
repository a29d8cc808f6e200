package io.rolehost.bench.peer;

import io.rolehost.jobs.artemis.ArtemisEngine;
import io.rolehost.jobs.engine.BrokerFile;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The floor of our queue: the bare Jakarta client of the same broker with the same settings, one
 * transacted session a slot, one session a sender. Argument: the directory of {@code broker.conf}.
 */
public final class RawQueue {

  private static final byte[] BODY = new byte[1024];

  private RawQueue() {}

  /** Serves until its input ends. */
  public static void main(String[] args) throws Exception {
    var broker = BrokerFile.read(Path.of(args[0]), Duration.ofSeconds(20)).orElseThrow();
    Connection connection = new ArtemisEngine().connections(broker.address()).createConnection();
    connection.start();
    Round round = new Round();
    for (int slots : new int[] {1, 16}) {
      for (int i = 0; i < slots; i++) {
        handle(connection, "raw" + slots, round);
      }
    }
    ThreadLocal<Session> sessions = ThreadLocal.withInitial(() -> session(connection));
    ThreadLocal<MessageProducer> producers =
        ThreadLocal.withInitial(() -> producer(sessions.get()));
    round.serve(slots -> {
      BytesMessage message = sessions.get().createBytesMessage();
      message.writeBytes(BODY);
      producers.get().send(sessions.get().createQueue("raw" + slots), message);
    });
    System.exit(0);
  }

  private static void handle(Connection connection, String queue, Round round) throws JMSException {
    Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
    MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
    Thread _ =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                while (true) {
                  var message = (BytesMessage) consumer.receive();
                  byte[] body = new byte[(int) message.getBodyLength()];
                  int _ = message.readBytes(body);
                  round.handled();
                  session.commit();
                }
              } catch (JMSException e) {
                System.out.println("failed: " + e);
              }
            });
  }

  private static Session session(Connection connection) {
    try {
      return connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
    } catch (JMSException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MessageProducer producer(Session session) {
    try {
      return session.createProducer(null);
    } catch (JMSException e) {
      throw new IllegalStateException(e);
    }
  }
}
