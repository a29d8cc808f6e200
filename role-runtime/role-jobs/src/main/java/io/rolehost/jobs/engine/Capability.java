package io.rolehost.jobs.engine;

/** What an engine may or may not be able to do; asked before anything depends on it. */
public enum Capability {
  /** Hands a message out no sooner than after a delay. */
  DELAY,
  /** Hands messages of higher priority out first. */
  PRIORITY,
  /** Hands the messages of a group out in order, one at a time. */
  GROUPS,
  /** Refuses a second message with the same key, for a count of messages or a time of its own. */
  DEDUP,
  /** Takes and sends as one. Nothing works without it. */
  TRANSACTIONS,
  /** Counts how often a message was handed out, over kills of the receiver. */
  DELIVERY_COUNT,
  /** Lets messages be looked at without taking them. */
  BROWSE,
  /** Takes only those messages that a selector names. */
  SELECTORS,
  /** Tells how many messages wait, and how long. */
  QUEUE_FACTS,
  /** Tells which queues there are, so that new ones are found by their prefix. */
  PREFIX
}
