package io.rolehost.jobs.engine;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.util.List;
import java.util.Set;

/**
 * A message engine: Jakarta Messaging, and the little beside it that every engine does in its own
 * way. Found by {@link java.util.ServiceLoader}; safe for all threads.
 */
public interface Engine {

  /** Returns what people call it. */
  String name();

  /** Returns the URL schemes it answers to, in lower case. */
  Set<String> schemes();

  /**
   * Returns what it can do at an address, as far as that is known; no connection is made for it. A
   * live view: where the address does not tell, the first connection may show more or less.
   */
  Set<Capability> capabilities(BrokerAddress address);

  /**
   * Returns what makes connections. A connection that is lost must end with an error instead of
   * being repaired out of sight, and its receivers must fetch one message at a time.
   */
  ConnectionFactory connections(BrokerAddress address) throws JMSException;

  /** Marks a message so that a second one of this key is refused, where it can {@code DEDUP}. */
  void setDedupKey(Message message, String key) throws JMSException;

  /** Marks a message as one of a group, where it can {@code GROUPS}. */
  default void setGroup(Message message, String group) throws JMSException {
    message.setStringProperty("JMSXGroupID", group);
  }

  /** Returns whether a send failed because its key was there already. */
  default boolean isDuplicate(JMSException failure) {
    return false;
  }

  /**
   * Returns the queues whose name begins so, where it has {@code QUEUE_FACTS} or {@code PREFIX}; by
   * name.
   *
   * @param session a live one that nobody else uses meanwhile, not transacted
   */
  List<QueueLook> queues(Session session, String prefix) throws JMSException;
}
