package io.rolehost.node;

import io.rolehost.node.control.ControlServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Answers the verbs that renew, add and remove instances. */
final class DeployVerbs {
  private static final int USAGE = 64;
  private static final int TRY_AGAIN = 75;
  private static final int MAX_INSTANCES = 1_000;
  private static final long TELL_MILLIS = 1_000;

  private final Deployments deployments;

  DeployVerbs(Deployments deployments) {
    this.deployments = deployments;
  }

  void restart(Map<String, Object> request, ControlServer.Answer answer) throws IOException {
    Course course = new Course(by(request));
    give(
        request,
        answer,
        course,
        () -> {
          List<String> ids = deployments.restart(text(request, "target"), course);
          return Map.of("restarting", ids, "failures", deployments.failures(ids));
        });
  }

  void rollback(Map<String, Object> request, ControlServer.Answer answer) throws IOException {
    Course course = new Course(by(request));
    give(
        request,
        answer,
        course,
        () -> Map.of("renewing", deployments.rollback(text(request, "role"), course)));
  }

  void deploy(Map<String, Object> request, ControlServer.Answer answer) throws IOException {
    Course course = new Course(by(request));
    List<String> roles =
        request.get("roles") instanceof List<?> names
            ? names.stream().map(String::valueOf).toList()
            : List.of();
    Optional<Path> jar =
        text(request, "jar").isEmpty()
            ? Optional.empty()
            : Optional.of(Path.of(text(request, "jar")));
    boolean dryRun = isTrue(request, "dryRun");
    give(
        request,
        answer,
        course,
        () -> {
          Deployments.Plan plan = deployments.plan(roles, jar);
          if (dryRun) {
            course.end(Course.GOOD, "nothing was done");
          } else {
            deployments.deploy(plan, roles, course);
          }
          Map<String, Object> planned = new LinkedHashMap<>();
          planned.put("changes", plan.lines());
          planned.put("done", !dryRun);
          return planned;
        });
  }

  void scale(Map<String, Object> request, ControlServer.Answer answer) throws IOException {
    String role = text(request, "role");
    int count = request.get("instances") instanceof Number number ? number.intValue() : -1;
    if (count < 0 || count > MAX_INSTANCES) {
      answer.line(
          Map.of(
              "error",
              "expected 0 to " + MAX_INSTANCES + " instances, found " + count,
              "exit",
              USAGE));
      return;
    }
    Course course = new Course(by(request));
    give(
        request,
        answer,
        course,
        () -> {
          deployments.scale(role, count, course);
          return Map.of("role", role, "instances", count);
        });
  }

  /** Something that an order follows from. */
  @FunctionalInterface
  private interface Giving {
    Map<String, ?> give() throws Deployments.Refused;
  }

  private void give(
      Map<String, Object> request, ControlServer.Answer answer, Course course, Giving giving)
      throws IOException {
    try {
      answer.line(giving.give());
    } catch (Deployments.Refused refused) {
      answer.line(error(refused));
      return;
    }
    if (isTrue(request, "wait")) {
      follow(course, answer, patience(request));
    }
  }

  /** Returns how long the asker waits; what was asked for goes on after it. */
  private static Optional<Duration> patience(Map<String, Object> request) {
    return request.get("timeoutMillis") instanceof Number millis
        ? Optional.of(Duration.ofMillis(millis.longValue()))
        : Optional.empty();
  }

  private static void follow(
      Course course, ControlServer.Answer answer, Optional<Duration> patience) throws IOException {
    long begun = System.nanoTime();
    long most = patience.map(Duration::toNanos).orElse(Long.MAX_VALUE);
    String last = "";
    try {
      while (true) {
        long left = most - (System.nanoTime() - begun);
        Optional<Course.Said> said =
            course.next(Math.min(TELL_MILLIS, TimeUnit.NANOSECONDS.toMillis(Math.max(0, left))));
        if (said.isEmpty() && left <= 0) {
          answer.line(
              Map.of("ended", tooLate(patience.orElse(Duration.ZERO), last), "exit", TRY_AGAIN));
          return;
        }
        last = said.map(Course.Said::sentence).orElse(last);
        if (said.isEmpty()) {
          answer.line(Map.of()); // finds out whether the asker is still there
        } else if (said.get().code().isEmpty()) {
          answer.line(Map.of("progress", said.get().sentence()));
        } else {
          answer.line(Map.of("ended", said.get().sentence(), "exit", said.get().code().get()));
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String tooLate(Duration patience, String last) {
    return "Not done after "
        + patience.toMillis() / 1000.0
        + " s: "
        + (last.isEmpty() ? "the node has not begun" : last)
        + ". It goes on";
  }

  /** Who asks, as far as the command says: only the node's own user and root can ask at all. */
  static String by(Map<String, Object> request) {
    String user = text(request, "by");
    String verb = "rolehost " + text(request, "verb");
    return user.isEmpty() ? verb : verb + " of " + user;
  }

  private static Map<String, ?> error(Deployments.Refused refused) {
    return Map.of("error", String.valueOf(refused.getMessage()), "exit", refused.code());
  }

  private static boolean isTrue(Map<String, Object> request, String key) {
    return Boolean.TRUE.equals(request.get(key));
  }

  private static String text(Map<String, Object> request, String key) {
    Object value = request.get(key);
    return value == null ? "" : value.toString();
  }
}
