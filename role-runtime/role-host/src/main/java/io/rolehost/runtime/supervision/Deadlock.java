package io.rolehost.runtime.supervision;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Threads that wait for each other in a circle: each for a lock that the next one has, the last for
 * one that the first one has. They were seen like this twice, at the same places.
 *
 * @param members at least two; the one with the smallest thread id first
 * @param suspected whether a lock of {@code java.util.concurrent} is among them: what waits for one
 *     may be interrupted, while nothing but the end of the process frees from a monitor
 */
public record Deadlock(List<Member> members, boolean suspected) {

  /**
   * One of them.
   *
   * @param body whose thread it is, and where
   * @param waitsFor the lock that it waits for: {@code monitor com.example.Cache@1b2c3d}
   */
  public record Member(StalledBody body, String waitsFor) {}

  /** Takes a copy. */
  public Deadlock {
    members = List.copyOf(members);
  }

  /** Returns one sentence without a full stop. */
  public String summary() {
    StringBuilder text = new StringBuilder(suspected ? "suspected deadlock: " : "deadlock: ");
    for (int i = 0; i < members.size(); i++) {
      text.append(i == 0 ? "" : "; ")
          .append(members.get(i).body().who())
          .append(" waits for ")
          .append(members.get(i).waitsFor())
          .append(", which ")
          .append(members.get((i + 1) % members.size()).body().who())
          .append(" has");
    }
    return text.toString();
  }

  /** Returns the summary with all stacks and what to do, in several lines. */
  String text() {
    return capitalized(summary())
        + ". Let every place take these locks in the same order. Nothing is restarted because of"
        + " it; the hard hang limit of a task is what does that."
        + members.stream()
            .map(Member::body)
            .map(body -> "\n" + body.who() + " is at" + body.stackText())
            .collect(Collectors.joining());
  }

  private static String capitalized(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
