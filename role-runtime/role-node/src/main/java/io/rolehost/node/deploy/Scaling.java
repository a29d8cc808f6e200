package io.rolehost.node.deploy;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Whether a role has come to the number of instances that somebody wants of it. Pure.
 *
 * @param count 0 or more
 */
public record Scaling(String role, int count) {

  /** How far it is. */
  public sealed interface Outcome {

    /**
     * Not yet.
     *
     * @param told how far, for people: how many are ready, and what is with those that are not
     */
    record Running(String told) implements Outcome {}

    /** There are as many as wanted, each ready or at the end of its work. */
    record Done() implements Outcome {}

    /**
     * It will not come to it unless somebody does something.
     *
     * @param instance the one that is given up
     * @param why how that is
     */
    record Broken(String instance, String why) implements Outcome {}
  }

  /** Looks at how every instance of the node is. */
  public Outcome look(Map<String, Standing> now) {
    List<Map.Entry<String, Standing>> present =
        now.entrySet().stream()
            .filter(entry -> entry.getValue().role().equals(role))
            .sorted(
                Comparator.comparingInt(
                        (Map.Entry<String, Standing> entry) -> entry.getKey().length())
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    List<Map.Entry<String, Standing>> staying = present.subList(0, Math.min(count, present.size()));
    for (Map.Entry<String, Standing> one : staying) {
      if (one.getValue().kind() == Standing.Kind.GONE) {
        return new Outcome.Broken(one.getKey(), one.getValue().told());
      }
    }
    List<Map.Entry<String, Standing>> coming =
        staying.stream().filter(one -> !isThere(one.getValue())).toList();
    return coming.isEmpty() && present.size() == count
        ? new Outcome.Done()
        : new Outcome.Running(told(staying.size() - coming.size(), coming, present.size() - count));
  }

  private static boolean isThere(Standing standing) {
    return switch (standing.kind()) {
      case READY, SETTLING, NOT_WANTED -> true;
      case NEW, COMING, HELD, WAITING, FROZEN, GONE -> false;
    };
  }

  private String told(int there, List<Map.Entry<String, Standing>> coming, int surplus) {
    StringBuilder told = new StringBuilder();
    told.append(there).append(" of ").append(count).append(" instances are ready");
    if (surplus > 0) {
      told.append(", ").append(surplus).append(surplus == 1 ? " leaves" : " leave");
    }
    coming.stream()
        .findFirst()
        .ifPresent(first ->
            told.append("; ").append(first.getKey()).append(' ').append(first.getValue().told()));
    return told.toString();
  }
}
