package io.rolehost.jobs.schedule;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.ScheduleTrigger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What a schedule is called: by people, as a queue, and in the ids of its jobs.
 *
 * @param text as given, else made of what makes it tick
 */
public record ScheduleName(String text) {

  private static final String QUEUE = "schedule.";
  private static final int LONGEST = 100;
  private static final int LONGEST_SLUG = 110;

  /** Checks the length, which a key of the ledger has. */
  public ScheduleName {
    if (text.isBlank() || text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "A schedule's name has 1 to " + LONGEST + " characters, was \"" + text + "\"");
    }
  }

  /** Returns the given name of a schedule, else one made of what makes it tick. */
  public static ScheduleName of(ScheduleTrigger trigger) {
    return new ScheduleName(trigger.name().orElseGet(() -> words(trigger.when())));
  }

  static String words(ScheduleTrigger.When when) {
    return switch (when) {
      case ScheduleTrigger.When.Cron(String expression) -> expression.strip();
      case ScheduleTrigger.When.Every every -> "every " + every.period();
      case ScheduleTrigger.When.OnceAt once -> "once at " + once.instant();
      case ScheduleTrigger.When.OnceAfter once -> "once after " + once.delay();
    };
  }

  /** Returns the queue that its ticks are sent to. */
  public String queue() {
    return QUEUE + slug();
  }

  /** Returns the id of the job of one tick, which is also its key. */
  public JobId job(Instant planned) {
    return new JobId(slug() + "@" + planned);
  }

  /** Returns a text without the characters that a queue's name can't have, and yet its own. */
  private String slug() {
    String plain = text.replaceAll("[^A-Za-z0-9._-]", "_");
    if (plain.equals(text)) {
      return text;
    }
    String tail = "-" + digest(text).substring(0, 8);
    return plain.substring(0, Math.min(plain.length(), LONGEST_SLUG - tail.length())) + tail;
  }

  static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("each Java has SHA-256", e);
    }
  }
}
