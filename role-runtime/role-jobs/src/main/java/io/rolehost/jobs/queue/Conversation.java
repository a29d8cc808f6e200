package io.rolehost.jobs.queue;

import io.rolehost.jobs.JobsUnavailableException;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.time.Duration;

/** A few words with the broker on a session of their own. */
final class Conversation {

  private Conversation() {}

  interface Words<T> {
    T say(Session session) throws JMSException;
  }

  /**
   * Has it.
   *
   * @throws JobsUnavailableException if the broker can't be reached, or breaks it off
   */
  static <T> T with(Link link, Duration patience, boolean transacted, Words<T> words) {
    try {
      Link.Line line = link.line(patience);
      try (Session session =
          line.connection()
              .createSession(
                  transacted, transacted ? Session.SESSION_TRANSACTED : Session.AUTO_ACKNOWLEDGE)) {
        return words.say(session);
      }
    } catch (JMSException e) {
      throw new JobsUnavailableException("The broker broke a question off: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JobsUnavailableException("Interrupted while asking the broker", e);
    }
  }
}
