package io.rolehost.node.journal;

import io.rolehost.runtime.journal.Fingerprint;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names the cause of an end in words for a person, by all that its node knows of it. Pure. */
public final class EndCause {

  private static final Pattern EXCEPTION =
      Pattern.compile("\\b((?:[a-z_$][\\w$]*\\.)+[A-Z][\\w$]*(?:Exception|Error|Throwable))\\b");
  private static final List<String> OF_THE_JVM = List.of("NOTE:", "Picked up", "WARNING:", "[");
  private static final int MOST_CHARACTERS = 300;

  private static final int SIGKILL = 128 + 9;
  private static final int SIGABRT = 128 + 6;
  private static final int SIGSEGV = 128 + 11;
  private static final int SIGNALS = 128;

  private EndCause() {}

  /**
   * What a node knows of an end.
   *
   * @param roleHost whether the exit codes have the meaning that a role host gives them
   * @param code the exit code; 128 + n where a signal ended it
   * @param askedBy who had asked for the end; empty = nobody
   * @param killedFor why the node itself killed it, as in "killed, for it …"; empty = it did not
   * @param reason the stop reason that the host wrote down; empty if it wrote none
   * @param text the sentence that the host wrote down; empty if it wrote none
   * @param crash what the JVM wrote of its crash; empty if it did not
   * @param kernel whether the kernel killed somebody for lack of memory meanwhile
   * @param output the last lines it printed, oldest first
   */
  public record Seen(
      boolean roleHost,
      int code,
      String askedBy,
      String killedFor,
      String reason,
      String text,
      String crash,
      boolean kernel,
      List<String> output) {
    /** Takes a copy of the list. */
    public Seen {
      output = List.copyOf(output);
    }
  }

  /** Returns the cause, as the rest of a sentence that began with "it ended, because". */
  public static String of(Seen seen) {
    String cause = cause(seen);
    String whole =
        seen.askedBy().isEmpty() || !seen.killedFor().isEmpty()
            ? cause
            : cause + ", as asked by " + seen.askedBy();
    return whole.length() <= MOST_CHARACTERS ? whole : whole.substring(0, MOST_CHARACTERS) + "…";
  }

  private static String cause(Seen seen) {
    if (!seen.killedFor().isEmpty()) {
      return "killed, for it "
          + seen.killedFor()
          + (seen.askedBy().isEmpty() ? "" : " after it was asked to by " + seen.askedBy());
    }
    if (!seen.crash().isEmpty()) {
      return "the JVM crashed: " + seen.crash();
    }
    return seen.code() > SIGNALS ? signal(seen) : seen.roleHost() ? host(seen) : other(seen);
  }

  private static String signal(Seen seen) {
    return switch (seen.code()) {
      case SIGKILL ->
          seen.kernel()
              ? "out of memory: the kernel killed it (SIGKILL)"
              : "killed by SIGKILL from outside";
      case SIGSEGV -> "killed by SIGSEGV";
      case SIGABRT -> "killed by SIGABRT";
      case 128 + 15 -> "ended by SIGTERM";
      default -> "ended by signal " + (seen.code() - SIGNALS);
    };
  }

  private static String host(Seen seen) {
    if (seen.reason().equals("EXIT_CALLED")) {
      return seen.text();
    }
    return switch (seen.code()) {
      case 0 -> withText("stopped in order", seen.text());
      case 1 ->
          with("the JVM could not start it", last(seen.output(), l -> l.startsWith("Error:")));
      case 3, 82 ->
          with("out of memory", last(seen.output(), l -> l.contains("Error")).map(EndCause::error));
      case 70 -> withText("the role failed", seen.text());
      case 75 -> with("start refused", text(seen).or(() -> firstOwn(seen.output())));
      case 78 -> with("configuration error", text(seen).or(() -> firstOwn(seen.output())));
      case 80 -> withText("corruption", seen.text());
      case 81 -> withText("hang", seen.text());
      case 83 -> withText("it lost its node", seen.text());
      case 84 -> withText("its stop overran and was forced", seen.text());
      case 85 -> "the role called System.exit(0) while no stop was asked";
      case 86 -> withText("it asked for a new start", seen.text());
      case 87 -> "run returned though nobody had asked for a stop";
      default -> withText("exit code " + seen.code(), seen.text());
    };
  }

  private static String other(Seen seen) {
    return with(
        "exit code " + seen.code(),
        last(seen.output(), line -> EXCEPTION.matcher(line).find()).map(EndCause::error));
  }

  private static Optional<String> text(Seen seen) {
    return seen.text().isEmpty() ? Optional.empty() : Optional.of(seen.text());
  }

  private static String withText(String word, String text) {
    return text.isEmpty() ? word : word + ": " + text;
  }

  private static String with(String word, Optional<String> text) {
    return text.map(more -> word + ": " + more).orElse(word);
  }

  private static Optional<String> firstOwn(List<String> output) {
    return output.stream()
        .filter(line -> !line.isBlank() && OF_THE_JVM.stream().noneMatch(line::startsWith))
        .map(String::strip)
        .findFirst();
  }

  private static Optional<String> last(List<String> output, Predicate<String> wanted) {
    return output.reversed().stream().filter(wanted).map(String::strip).findFirst();
  }

  /** Returns a line from the exception in it on. */
  private static String error(String line) {
    Matcher matcher = EXCEPTION.matcher(line);
    return matcher.find() ? line.substring(matcher.start()) : line;
  }

  /**
   * Returns what makes two ends the same: the code and the class of the last exception that was
   * printed. No messages, which differ between two occurrences of one failure.
   */
  public static Fingerprint fingerprint(int code, String crash, List<String> output) {
    String failure = "exit code " + code;
    if (!crash.isEmpty()) {
      return Fingerprint.ofReason(failure + ", " + crash.replaceAll(" .*", ""), "");
    }
    for (String line : output.reversed()) {
      Matcher matcher = EXCEPTION.matcher(line);
      if (matcher.find()) {
        return Fingerprint.ofReason(failure + ", " + matcher.group(1), "");
      }
    }
    return Fingerprint.ofReason(failure, "");
  }

  /**
   * Returns whether an end is worth an incident.
   *
   * @param code of the end
   * @param asked whether somebody had asked for it
   */
  public static boolean isAbnormal(boolean roleHost, int code, boolean asked) {
    if (asked) {
      return code != 0 && code != 128 + 15;
    }
    return code != 0 && !(roleHost && (code == 86 || code == 87));
  }
}
