package io.rolehost.jobs.queue;

import java.util.regex.Pattern;

/** What queues may be called, and the two beside each. */
public final class QueueName {

  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9._-]{1,150}");
  private static final String DEAD = ".dead";
  private static final String PARKED = ".parked";

  private QueueName() {}

  /** Returns a name that may be one. */
  static String checked(String name) {
    if (!LEGAL.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "A queue's name has 1 to 150 letters, digits and . _ -, was \"" + name + "\"");
    }
    return name;
  }

  /** Returns where the dead letters of a queue lie. */
  public static String dead(String queue) {
    return queue + DEAD;
  }

  /** Returns where the messages of a queue lie that nobody knows the type of. */
  public static String parked(String queue) {
    return queue + PARKED;
  }

  /** Returns whether a queue is one beside another. */
  public static boolean isAside(String queue) {
    return queue.endsWith(DEAD) || queue.endsWith(PARKED);
  }
}
