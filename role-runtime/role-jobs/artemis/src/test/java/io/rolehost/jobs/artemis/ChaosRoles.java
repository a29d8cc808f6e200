package io.rolehost.jobs.artemis;

import static io.rolehost.jobs.Triggers.queue;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.api.Backoff;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import io.rolehost.api.TaskContext;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.PermanentJobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** Roles that write down what they do, so that a kill at any moment leaves a true record. */
final class ChaosRoles {

  private static final String PADDING = "x".repeat(800);

  record Plain(int number, String padding) {}

  record Ordered(String group, int number) {}

  private ChaosRoles() {}

  private static void note(String file, String line) throws IOException {
    Path path = Path.of(System.getProperty("folder"), file);
    Path _ =
        Files.write(
            path,
            (line + "\n").getBytes(UTF_8),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
  }

  /** Sends as fast as it may, and notes what was accepted. */
  public static final class Sender implements Role {

    private static final int GROUPS = 4;

    /** Called by the host. */
    public Sender() {}

    @Override
    public boolean onStart(RoleContext context) {
      Jobs jobs = Jobs.open(context);
      long start = context.instance().incarnation();
      Object _ =
          context
              .tasks()
              .start(Task.named("send").body(task -> send(jobs, start, task)).unlimitedRestarts());
      return true;
    }

    private static void send(Jobs jobs, long start, TaskContext task) throws Exception {
      for (int number = 1; !task.stopToken().await(Duration.ofMillis(2)); number++) {
        try {
          note("accepted", jobs.send("plain", new Plain(number, PADDING)).submit().value());
          String group = "g" + number % GROUPS + "-" + start + "-" + task.attempt();
          JobId id = jobs.send("ordered", new Ordered(group, number)).group(group).submit();
          note("accepted", id.value());
        } catch (JobsUnavailableException away) {
          note("refused", String.valueOf(away.getMessage()));
          return; // a new attempt has new groups: what was refused may be there or not
        }
      }
    }
  }

  /** Handles, with failures of its own. */
  public static final class Worker implements Role {

    private static final Backoff SOON =
        new Backoff(Duration.ofMillis(20), Duration.ofMillis(20), 1, 0);

    /** Called by the host. */
    public Worker() {}

    @Override
    public boolean onStart(RoleContext context) {
      Jobs jobs = Jobs.open(context);
      jobs.on(
          queue("plain").concurrency(4).maxAttempts(1000).backoff(SOON),
          Plain.class,
          (plain, job) -> {
            if (plain.number() % 97 == 0) {
              throw new PermanentJobException("number " + plain.number());
            }
            if (plain.number() % 31 == 0 && job.attempt() == 1) {
              throw new IllegalStateException("the first time");
            }
            job.fence();
            note("done", job.id().value());
          });
      jobs.on(
          queue("ordered").concurrency(4).maxAttempts(1000).backoff(SOON),
          Ordered.class,
          (ordered, job) -> {
            if (ordered.number() % 23 == 0 && job.attempt() == 1) {
              throw new IllegalStateException("the first time");
            }
            job.fence();
            note("order", ordered.group() + " " + ordered.number());
            note("done", job.id().value());
          });
      return true;
    }
  }

  /** Sends one message that ends whoever handles it, and some that do not. */
  public static final class Halting implements Role {

    record Deed(String what) {}

    /** Called by the host. */
    public Halting() {}

    @Override
    public boolean onStart(RoleContext context) throws IOException {
      Jobs jobs = Jobs.open(context);
      jobs.on(
          queue("deeds").concurrency(2).maxAttempts(3),
          Deed.class,
          (deed, job) -> {
            note("deeds", deed.what() + " " + job.attempt());
            if (deed.what().equals("halt")) {
              Runtime.getRuntime().halt(9);
            }
          });
      if (context.instance().incarnation() == 1) {
        JobId _ = jobs.send("deeds", new Deed("halt")).submit();
      }
      JobId _ = jobs.send("deeds", new Deed("other" + context.instance().incarnation())).submit();
      return true;
    }
  }
}
