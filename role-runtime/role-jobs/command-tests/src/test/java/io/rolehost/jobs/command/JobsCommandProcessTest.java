package io.rolehost.jobs.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.cli.Schemas;
import io.rolehost.jobs.artemis.BrokerRole;
import io.rolehost.jobs.artemis.JobsProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code rolehost jobs} as a process, asking a role host with a broker that is another. */
@Timeout(300)
final class JobsCommandProcessTest {

  private static final String COMMAND = "io.rolehost.cli.Main";

  private static final String PASSWORD = "canary-br0ker-a06b";

  @TempDir Path folder;

  private record Said(int code, String out, String err) {}

  private Said jobs(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), COMMAND, "jobs"));
    command.addAll(List.of(words));
    command.addAll(List.of("--state-dir", folder.resolve("state").toString()));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("ROLEHOST_"));
    Process process = builder.start();
    if (!process.waitFor(JobsProcess.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " does not end");
    }
    return new Said(
        process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  private String good(String... words) throws IOException, InterruptedException {
    Said said = jobs(words);
    assertEquals(0, said.code(), () -> said.out() + said.err());
    assertFalse(said.out().contains(PASSWORD), said.out());
    return said.out();
  }

  /** Has a verb succeed, and what it prints as JSON be what its schema says. */
  private void fits(String verb, String... words) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(verb));
    all.addAll(List.of(words));
    all.add("--json");
    String json = good(all.toArray(String[]::new));
    assertEquals(List.of(), Schemas.problems("jobs-" + verb, json), json);
  }

  private static void awaitIn(JobsProcess process, String what, Check check) {
    process.await(
        what,
        () -> {
          try {
            return check.holds();
          } catch (IOException e) {
            throw new AssertionError(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
          }
        });
  }

  private interface Check {
    boolean holds() throws IOException, InterruptedException;
  }

  @Test
  void jobs_ofARunningRole_areShownAndActedOn() throws Exception {
    Said nobody = jobs("queues");
    assertEquals(75, nobody.code(), nobody.err());
    assertTrue(nobody.err().startsWith("Nothing runs with the state directory"), nobody.err());

    Path _ = Files.writeString(folder.resolve("broker.password"), PASSWORD + "\n");
    try (JobsProcess broker =
        JobsProcess.start("broker", BrokerRole.class, folder, passwordFile())) {
      broker.awaitOutput("The broker of");
      Said none = jobs("queues");
      assertEquals(75, none.code(), none.out());
      assertTrue(
          none.err().startsWith("broker_IN_0 runs, but does no background work"), none.err());
      asked();
      assertFalse(broker.output().contains(PASSWORD), broker.output());
    }
    // By the second one the other roles of this machine find the broker.
    Path address = folder.resolve("state/jobs/broker.conf");
    assertEquals(
        Set.of(folder.resolve("broker.password"), address), Set.copyOf(filesWithThePassword()));
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(address)));
  }

  private String passwordFile() {
    return "rolehost.jobs.broker.password-file=" + folder.resolve("broker.password");
  }

  private List<Path> filesWithThePassword() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, ISO_8859_1).contains(PASSWORD)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  private void asked() throws Exception {
    try (JobsProcess worker =
        JobsProcess.start(
            "worker",
            OperatedRole.class,
            folder,
            passwordFile(),
            "rolehost.jobs.broker.embedded=off",
            "rolehost.jobs.on-freeze=pause")) {
      worker.awaitOutput("\"photos\" is a dead letter");
      awaitIn(
          worker,
          "all three are dead",
          () ->
              good("dead", "photos").lines().filter(line -> line.startsWith("job-")).count() == 3);

      deadLetters();
      pauses(worker);
      schedules();
      figures(worker);
      refusals();
      freezes(worker);
      worker.signal("TERM");
      assertEquals(0, worker.exitCode(), worker.output());
      assertFalse(worker.output().contains(PASSWORD), worker.output());
      String journal = journal();
      assertTrue(journal.contains("jobs redrive"), journal);
      assertTrue(journal.contains(System.getProperty("user.name")), journal);
    }
  }

  private void deadLetters() throws Exception {
    String table = good("dead", "photos");
    assertTrue(table.startsWith("JOB       SINCE "), table);
    assertTrue(table.contains("IllegalStateException: no decoder for bad1"), table);
    String full = good("dead", "photos", "--full");
    assertTrue(full.contains("  attempt 2  "), full);
    assertTrue(full.contains("payload  {\"name\":\"bad2\"}"), full);
    String queues = good("queues");
    assertTrue(
        Pattern.compile("^photos +0 +- +0 +0 +3 +1$", Pattern.MULTILINE).matcher(queues).find(),
        queues);

    fits("dead", "photos");
    fits("queues");
    Said unasked = jobs("delete", "photos", "--all");
    assertEquals(64, unasked.code(), unasked.out());
    assertTrue(unasked.err().contains("say --yes"), unasked.err());
    fits("delete", "photos", "job-bad3", "--yes");
    Path _ = Files.createFile(folder.resolve("fixed"));
    Said redriven = jobs("redrive", "photos", "job-bad1", "job-nobody");
    assertEquals(64, redriven.code());
    assertEquals(
        "1 of \"photos\" are tried again\njob-nobody is no dead letter of it\n", redriven.out());
    assertEquals("1 of \"photos\" are tried again\n", good("redrive", "photos", "--all"));
    assertEquals("\"photos\" has no dead letters.\n", good("dead", "photos"));
  }

  private void pauses(JobsProcess worker) throws Exception {
    awaitIn(worker, "the redriven ones are done", () -> good("list").split("done", -1).length == 4);
    String _ = good("pause", "photos", "--reason", "a new decoder");
    String queues = good("queues");
    assertTrue(queues.contains("paused: by "), queues);
    assertTrue(queues.contains(": a new decoder"), queues);
    assertEquals("\"photos\" goes on\n", good("resume", "photos"));
    String job = good("show", "job-bad1");
    assertTrue(job.contains("state      DONE"), job);
    assertTrue(good("list", "--state", "done", "--json").contains("\"job-bad1\""));
    fits("list");
    fits("show", "job-bad1");
    fits("redrive", "photos", "--all");
  }

  private void schedules() throws Exception {
    String table = good("schedules");
    assertTrue(table.contains("nightly"), table);
    assertTrue(table.contains("0 0 3 * * *"), table);
    assertTrue(good("run", "nightly").startsWith("Schedule \"nightly\" ticks now, as job "));
    String full = good("schedules", "--full");
    assertEquals(5, full.lines().filter(line -> line.startsWith("  next  ")).count(), full);
    fits("pause", "nightly", "--reason", "holiday");
    assertTrue(good("schedules").contains("paused"));
    fits("schedules");
    fits("resume", "nightly");
    fits("run", "nightly");
  }

  private void figures(JobsProcess worker) throws Exception {
    worker.await("the sample is taken", () -> status().contains("\"sampledSecondsAgo\""));
    String metrics = get("/metrics");
    for (String line :
        List.of(
            "rolehost_jobs_ended_total{outcome=\"done\",queue=\"photos\"} 3.0",
            "rolehost_jobs_ended_total{outcome=\"dead\",queue=\"photos\"} 3.0",
            "rolehost_jobs_retries_total{queue=\"photos\"} 3.0",
            "rolehost_jobs_handling_seconds_count{queue=\"photos\"} 9",
            "rolehost_jobs_dead_letters{queue=\"photos\"} ",
            "rolehost_jobs_depth{queue=\"schedule.nightly",
            "rolehost_jobs_ticks_total{outcome=\"sent\"} 0.0")) {
      assertTrue(metrics.contains(line), () -> line + " is not in\n" + metrics);
    }
  }

  private void refusals() throws Exception {
    Said unknown = jobs("dead", "fotos");
    assertEquals(64, unknown.code());
    assertTrue(unknown.err().startsWith("There is no queue \"fotos\"; there are ["), unknown.err());
    assertEquals(64, jobs("redrive", "photos").code());
    assertEquals(64, jobs("cancel", "nobody").code());
    assertFalse(jobs("show", "nobody").err().contains("\tat "));
  }

  private void freezes(JobsProcess worker) throws Exception {
    Path _ =
        Files.writeString(
            folder.resolve("state").resolve("freeze.conf"),
            "freezes = [{ scope = \"*\", owner = anna, reason = \"bad release\" }]");
    awaitIn(
        worker,
        "the freeze pauses it",
        () -> good("queues").contains("paused: a freeze covers this instance"));
    Path _ = Files.writeString(folder.resolve("state").resolve("freeze.conf"), "freezes = []");
    awaitIn(worker, "it goes on", () -> !good("queues").contains("paused"));
  }

  private String status() {
    try {
      return get("/status");
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private String get(String path) throws IOException, InterruptedException {
    String port = Files.readString(folder.resolve("state/run/worker_IN_0.port")).strip();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private String journal() throws IOException {
    StringBuilder all = new StringBuilder();
    try (var files = Files.walk(folder.resolve("state").resolve("journal"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }
}
