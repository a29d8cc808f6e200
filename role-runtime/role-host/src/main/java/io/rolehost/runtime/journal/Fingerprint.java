package io.rolehost.runtime.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What makes two failures the same failure: the exception, the task, and where in the role's code
 * it came from. No messages and no line numbers, which differ between two occurrences or two builds
 * of one bug. Pure.
 *
 * @param failure the class of the exception and of its root cause, or the reason of an end without
 *     an exception
 * @param task the task that failed; empty if it was none
 * @param frames the topmost methods of the role's, at most {@value #MAX_FRAMES}
 */
public record Fingerprint(String failure, String task, List<String> frames) {

  static final int MAX_FRAMES = 5;

  // A chain of causes can be a ring.
  private static final int MAX_CAUSES = 20;

  private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");
  private static final String HOST = "io.rolehost.runtime.";

  /** Takes a copy of the frames. */
  public Fingerprint {
    frames = List.copyOf(frames);
  }

  /**
   * Returns that of an exception.
   *
   * @param task the task that threw it, or an empty text
   */
  public static Fingerprint of(Throwable thrown, String task) {
    Throwable root = thrown;
    for (int i = 0; i < MAX_CAUSES && root.getCause() != null; i++) {
      root = root.getCause();
    }
    String failure = thrown.getClass().getName();
    if (thrown.getCause() != null) {
      failure += " caused by " + root.getClass().getName();
    }
    return new Fingerprint(failure, task, frames(root.getStackTrace()));
  }

  /** Returns that of an end without an exception, for instance a hang. */
  public static Fingerprint ofReason(String reason, String task) {
    return new Fingerprint(reason, task, List.of());
  }

  /** Returns 12 hexadecimal digits that stand for it. */
  public String id() {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text().getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }

  /** Returns it for people, several lines. */
  String text() {
    StringBuilder text = new StringBuilder(failure).append('\n');
    if (!task.isEmpty()) {
      text.append("in task ").append(task).append('\n');
    }
    frames.forEach(frame -> text.append("at ").append(frame).append('\n'));
    return text.toString();
  }

  private static List<String> frames(StackTraceElement[] trace) {
    List<String> all = Stream.of(trace).map(Fingerprint::method).toList();
    List<String> foreign =
        all.stream().filter(method -> JDK.stream().noneMatch(method::startsWith)).toList();
    List<String> roles = foreign.stream().filter(method -> !method.startsWith(HOST)).toList();
    List<String> from = !roles.isEmpty() ? roles : !foreign.isEmpty() ? foreign : all;
    List<String> frames = new ArrayList<>();
    for (String method : from) {
      // The depth of a recursion is chance.
      if (frames.size() < MAX_FRAMES && !frames.contains(method)) {
        frames.add(method);
      }
    }
    return frames;
  }

  /** Returns class and method without the numbers that a compiler or the JVM makes up. */
  private static String method(StackTraceElement frame) {
    String type = frame.getClassName().replaceAll("\\$\\$Lambda.*", "\\$\\$Lambda");
    String method = frame.getMethodName().replaceAll("^(lambda\\$.*)\\$\\d+$", "$1");
    return type + "." + method;
  }
}
