package io.rolehost.jobs.operate;

import io.rolehost.jobs.engine.QueueLook;
import io.rolehost.jobs.queue.QueueName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A queue as its broker sees it, with the two beside it.
 *
 * @param waiting could be taken now
 * @param scheduled their time has not come
 * @param taken a receiver has them, in whichever process
 * @param oldest how long the first of those that wait has been there
 * @param dead nobody tries them any more
 * @param parked nobody knows their type
 */
record QueueFacts(
    String queue,
    long waiting,
    long scheduled,
    long taken,
    int receivers,
    Optional<Duration> oldest,
    long dead,
    long parked) {

  /** Puts each queue and those beside it together; by name. Pure. */
  static List<QueueFacts> of(List<QueueLook> looks) {
    Map<String, QueueLook> byName = new TreeMap<>();
    looks.forEach(look -> byName.put(look.name(), look));
    Map<String, QueueFacts> facts = new TreeMap<>();
    for (QueueLook look : byName.values()) {
      String name = owner(look.name());
      facts.computeIfAbsent(name, queue -> of(queue, byName));
    }
    return new ArrayList<>(facts.values());
  }

  private static QueueFacts of(String queue, Map<String, QueueLook> looks) {
    QueueLook none = new QueueLook(queue, 0, 0, 0, 0, Optional.empty());
    QueueLook own = looks.getOrDefault(queue, none);
    return new QueueFacts(
        queue,
        own.waiting(),
        own.scheduled(),
        own.taken(),
        own.receivers(),
        own.oldest(),
        all(looks.getOrDefault(QueueName.dead(queue), none)),
        all(looks.getOrDefault(QueueName.parked(queue), none)));
  }

  private static long all(QueueLook look) {
    return look.waiting() + look.taken() + look.scheduled();
  }

  private static String owner(String queue) {
    return QueueName.isAside(queue) ? queue.substring(0, queue.lastIndexOf('.')) : queue;
  }
}
