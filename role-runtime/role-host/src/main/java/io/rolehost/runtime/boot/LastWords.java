package io.rolehost.runtime.boot;

import io.rolehost.runtime.journal.CriticalChain;
import io.rolehost.runtime.journal.CriticalChain.Link;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.lifecycle.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on an incarnation, for whoever sees only the end of the process: with which code and
 * why in the first line, then what was thrown, what the stop waited for, and where more is. Pure.
 */
final class LastWords {

  /** What took less is not worth a line. */
  private static final Duration LAGGARD = Duration.ofMillis(100);

  private static final int LAGGARDS = 3;

  private LastWords() {}

  /** Returns what follows the name of the instance where there is one sentence to say. */
  static String of(int code, String why) {
    return " ended with exit code " + code + " (" + ExitCode.meaning(code) + "): " + why + "\n";
  }

  /**
   * Returns what follows the name of the instance after a stop.
   *
   * @param known what the journal says of the end
   * @param entries the journal of this incarnation so far
   */
  static String of(int code, String why, Map<String, Object> known, List<JournalEntry> entries) {
    StringBuilder text = new StringBuilder(of(code, why));
    line(text, "reason ", known.get("reason"));
    List<Link> stop = CriticalChain.stop(entries);
    if (known.get("stopMillis") instanceof Number millis) {
      text.append("the stop took ").append(seconds(millis.longValue()));
      text.append(laggards(stop)).append('\n');
    }
    line(text, "thrown: ", known.get("exception"));
    if (known.get("stack") instanceof List<?> frames) {
      frames.forEach(frame -> line(text, "  ", frame));
    }
    line(text, "incident: ", known.get("incident"));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, @Nullable Object value) {
    if (value != null) {
      text.append(name).append(value).append('\n');
    }
  }

  /** Returns what a stop waited for longest, each with its time; empty if for nothing. */
  static String laggards(List<Link> stop) {
    List<String> longest =
        CriticalChain.laggardsFirst(stop).stream()
            .filter(link -> link.took().compareTo(LAGGARD) >= 0)
            .limit(LAGGARDS)
            .map(link ->
                seconds(link.took().toMillis())
                    + " until "
                    + link.until()
                    + (link.stack().isEmpty() ? "" : ", it stood at " + link.stack()))
            .toList();
    return longest.isEmpty() ? "" : "; longest: " + String.join(", ", longest);
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.3f s", millis / 1000.0);
  }
}
