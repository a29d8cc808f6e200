package io.rolehost.runtime.management;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * Connections by how dear it would be to lose them, and within that by how long they did nothing.
 * Needs no clock: whoever does something goes to the end. Of one thread.
 */
final class IdleOrder<T> {

  /** What a connection is at, the first to go first. */
  enum Rank {
    /** Waits for a request, or gets one piece by piece. */
    WAITING,
    /** Is an event stream. */
    STREAMING,
    /** Is being answered. */
    ANSWERING
  }

  // Iterates in the order the ranks are declared in.
  private final Map<Rank, SequencedSet<T>> ranks = new EnumMap<>(Rank.class);

  /** Adds {@code one}, or notes that it did something. */
  void touch(T one, Rank rank) {
    for (Map.Entry<Rank, SequencedSet<T>> other : ranks.entrySet()) {
      if (other.getKey() != rank) {
        other.getValue().remove(one);
      }
    }
    ranks.computeIfAbsent(rank, _ -> new LinkedHashSet<>()).addLast(one);
  }

  void remove(T one) {
    for (SequencedSet<T> set : ranks.values()) {
      set.remove(one);
    }
  }

  int size() {
    int size = 0;
    for (SequencedSet<T> set : ranks.values()) {
      size += set.size();
    }
    return size;
  }

  /** Returns the one to close for {@code newcomer}. */
  Optional<T> idleLongest(T newcomer) {
    for (SequencedSet<T> set : ranks.values()) {
      Iterator<T> eldestFirst = set.iterator();
      while (eldestFirst.hasNext()) {
        T one = eldestFirst.next();
        if (!one.equals(newcomer)) {
          return Optional.of(one);
        }
      }
    }
    return Optional.empty();
  }

  /** Returns all, in the order they would go. */
  List<T> all() {
    List<T> all = new ArrayList<>();
    ranks.values().forEach(all::addAll);
    return all;
  }
}
