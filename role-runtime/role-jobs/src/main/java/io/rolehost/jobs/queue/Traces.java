package io.rolehost.jobs.queue;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes a failure for whoever reads a dead letter: pure. */
final class Traces {

  private static final int MOST_FRAMES = 12;
  private static final int MOST_CAUSES = 5;
  private static final int MOST_CHARS = 8_000;

  private static final Set<String> NOT_OWN =
      Set.of("java.", "javax.", "jdk.", "sun.", "io.rolehost.jobs.queue.");

  private Traces() {}

  /** Returns the failure and its causes, each with those of its frames that are the user's own. */
  static String of(Throwable failure) {
    StringBuilder text = new StringBuilder();
    @Nullable Throwable link = failure;
    for (int i = 0; link != null && i < MOST_CAUSES; i++, link = link.getCause()) {
      text.append(i == 0 ? "" : "\nCaused by: ").append(Outcome.textOf(link));
      int frames = 0;
      for (StackTraceElement frame : link.getStackTrace()) {
        if (isOwn(frame) && frames++ < MOST_FRAMES) {
          text.append("\n\tat ").append(frame);
        }
      }
    }
    return text.length() <= MOST_CHARS ? text.toString() : text.substring(0, MOST_CHARS) + "…";
  }

  private static boolean isOwn(StackTraceElement frame) {
    return NOT_OWN.stream().noneMatch(frame.getClassName()::startsWith);
  }
}
