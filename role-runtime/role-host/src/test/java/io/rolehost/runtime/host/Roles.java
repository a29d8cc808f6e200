package io.rolehost.runtime.host;

import io.rolehost.api.Backoff;
import io.rolehost.api.CorruptionException;
import io.rolehost.api.FatalTaskException;
import io.rolehost.api.HealthCheck;
import io.rolehost.api.HealthImpact;
import io.rolehost.api.PermanentFailureException;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.StopContext;
import io.rolehost.api.Task;
import io.rolehost.api.WebRole;
import io.rolehost.api.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Roles that behave and misbehave. Each says what is called, as {@code EVENT name}. */
final class Roles {

  private Roles() {}

  static void say(String event) {
    System.out.println("EVENT " + event);
  }

  /** Says when it is started, closed and stopped; the others change one thing. */
  public static class Plain implements Role {
    @Override
    public boolean onStart(RoleContext context) throws Exception {
      say("onStart");
      AutoCloseable _ = context.closeOnStop(() -> say("close first"));
      AutoCloseable _ = context.closeOnStop(() -> say("close second"));
      return true;
    }

    @Override
    public void run(RoleContext context) throws Exception {
      say("run");
      context.stopToken().await();
      say("run returns");
    }

    @Override
    public void onStop(StopContext context) throws Exception {
      say("onStop " + context.reason());
    }
  }

  /** Has one supervised task. */
  public static final class Supervising extends Plain {
    @Override
    public void run(RoleContext context) throws Exception {
      var _ =
          context
              .tasks()
              .start(Task.named("tick").body(task -> task.stopToken().await()).gatesReadiness());
      super.run(context);
    }
  }

  /** Its {@code onStart} says no. */
  public static final class Unwilling extends Plain {
    @Override
    public boolean onStart(RoleContext context) throws Exception {
      boolean _ = super.onStart(context);
      return false;
    }
  }

  /** Its {@code onStart} throws, by {@code test.failure} one thing or another. */
  public static final class FailingStart extends Plain {
    @Override
    public boolean onStart(RoleContext context) throws Exception {
      boolean _ = super.onStart(context);
      throw switch (System.getProperty("test.failure", "")) {
        case "url" -> new IllegalArgumentException("no url");
        case "number" -> new ArithmeticException("no number");
        default -> new IllegalStateException("no database");
      };
    }
  }

  /** Its {@code onStart} says that no restart helps. */
  public static final class Permanent extends Plain {
    @Override
    public boolean onStart(RoleContext context) {
      throw new PermanentFailureException("the licence has ended");
    }
  }

  /** Its {@code onStart} waits for the token, or for ever with {@code test.deaf}. */
  public static final class SlowStart extends Plain {
    @Override
    public boolean onStart(RoleContext context) throws Exception {
      boolean started = super.onStart(context);
      if (Boolean.getBoolean("test.deaf")) {
        new CountDownLatch(1).await();
      }
      context.stopToken().await();
      say("onStart gives up");
      return started;
    }
  }

  /** A web role whose {@code onApplicationStart} throws. */
  public static final class FailingApplication extends Plain implements WebRole {
    @Override
    public void onApplicationStart(RoleContext context) {
      say("onApplicationStart");
      throw new IllegalStateException("no templates");
    }

    @Override
    public void onApplicationEnd(StopContext context) {
      say("onApplicationEnd");
    }
  }

  /** A web role that says hello. */
  public static final class Web extends Plain implements WebRole {
    @Override
    public void onApplicationStart(RoleContext context) {
      say("onApplicationStart");
      context
          .endpoint("http")
          .serve(request -> {
            if (request.path().equals("/exit")) {
              System.exit(9);
            }
            if (request.path().equals("/corrupt")) {
              throw new CorruptionException("two orders with one number");
            }
            return HttpResponse.text(200, "hello");
          });
    }

    @Override
    public void onApplicationEnd(StopContext context) {
      say("onApplicationEnd");
    }
  }

  /** Its {@code run} does what {@code test.run} says. */
  public static final class Running extends Plain {
    @Override
    public void run(RoleContext context) throws Exception {
      say("run");
      switch (System.getProperty("test.run", "")) {
        case "return" -> {}
        case "throw" -> throw new IllegalStateException("queue gone");
        case "corrupt" -> throw new CorruptionException("two orders with one number");
        case "fatal task" ->
            failing(
                context,
                Task.named("import")
                    .body(_ -> {
                      throw new FatalTaskException("no schema");
                    }));
        case "corrupt task" -> {
          var _ =
              context
                  .tasks()
                  .start(
                      Task.named("other")
                          .body(task -> {
                            task.stopToken().await();
                            say("other task cancelled");
                          }));
          failing(
              context,
              Task.named("import")
                  .body(_ -> {
                    throw new CorruptionException("bad index");
                  }));
        }
        case "budget" ->
            failing(
                context,
                Task.named("import")
                    .body(task -> {
                      task.progress(task.attempt());
                      throw new IllegalStateException("no file");
                    })
                    .backoff(Backoff.none())
                    .budget(3, Duration.ofMinutes(1)));
        case "uncaught" -> {
          Thread.ofPlatform()
              .name("mine")
              .start(() -> {
                throw new IllegalStateException("mine");
              });
          context.stopToken().await();
        }
        case "memory" -> {
          Object[] chain = {};
          while (true) {
            chain = new Object[] {chain, new long[1 << 24]};
          }
        }
        case "memory as a cause" ->
            throw new IllegalStateException("wrapped", new OutOfMemoryError("said"));
        case "stack" -> recurse(0);
        case "exit 5" -> System.exit(5);
        case "exit 0" -> System.exit(0);
        case "exit 300" -> System.exit(300);
        case "recycle" -> {
          context.requestRecycle("new data");
          context.requestRecycle("again");
          context.stopToken().await();
        }
        case "deaf" -> deaf();
        case "health" -> {
          context.healthCheck(
              "database",
              () -> HealthCheck.Result.unhealthy("no route"),
              HealthImpact.GATES_READINESS);
          context.stopToken().await();
        }
        case "exit in hook" -> {
          Runtime.getRuntime().addShutdownHook(new Thread(() -> System.exit(9)));
          context.stopToken().await();
        }
        case "user thread" -> {
          Thread.ofPlatform().daemon(false).start(Running::deaf);
          context.stopToken().await();
        }
        default -> context.stopToken().await();
      }
    }

    private static void failing(RoleContext context, Task task) throws InterruptedException {
      var _ = context.tasks().start(task);
      context.tasks().await();
    }

    @SuppressWarnings("InfiniteRecursion") // That is the point.
    private static int recurse(int depth) {
      return recurse(depth + 1) + 1;
    }

    private static void deaf() {
      while (true) {
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          say("interrupted");
        }
      }
    }
  }

  /** Its {@code onStop} does what {@code test.stop} says. */
  public static final class Stopping extends Plain {
    @Override
    public void onStop(StopContext context) throws Exception {
      super.onStop(context);
      if (Boolean.getBoolean("test.hook")) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> say("shutdown hook")));
      }
      switch (System.getProperty("test.stop", "")) {
        case "throw" -> throw new IllegalStateException("no disk");
        case "exit" -> System.exit(5);
        case "hang" -> new CountDownLatch(1).await();
        case "extend" -> {
          Duration before = context.remaining();
          Duration after = context.extend(Duration.ofHours(1));
          say(after.compareTo(before) > 0 ? "extended" : "not extended");
        }
        default -> {}
      }
    }
  }

  /** Calls {@code System.exit} in {@code onStart}. */
  public static final class ExitingStart extends Plain {
    @Override
    public boolean onStart(RoleContext context) throws Exception {
      boolean _ = super.onStart(context);
      System.exit(5);
      return true;
    }
  }

  /** A web role that takes a moment at each point of its life, so that a signal meets it there. */
  public static final class Slow implements WebRole {
    private static final Duration MOMENT = Duration.ofMillis(150);

    private static void at(String point) throws InterruptedException {
      say(point);
      boolean _ = new CountDownLatch(1).await(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean onStart(RoleContext context) throws Exception {
      at("onStart");
      AutoCloseable _ = context.closeOnStop(() -> at("close"));
      at("onStart returns");
      say("onStart is true"); // past the last moment at which an interrupt could still undo it
      return true;
    }

    @Override
    public void onApplicationStart(RoleContext context) throws Exception {
      at("onApplicationStart");
      context.endpoint("http").serve(_ -> HttpResponse.text(200, "hello"));
    }

    @Override
    public void run(RoleContext context) throws Exception {
      at("run");
      context.stopToken().await();
    }

    @Override
    public void onApplicationEnd(StopContext context) throws Exception {
      at("onApplicationEnd");
    }

    @Override
    public void onStop(StopContext context) throws Exception {
      at("onStop");
    }
  }
}
