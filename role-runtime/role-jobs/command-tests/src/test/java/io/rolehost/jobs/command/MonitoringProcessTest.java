package io.rolehost.jobs.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * What a host and a node measure, as Prometheus itself sees it; and that the alerts and the
 * dashboard of {@code docs/monitoring} speak of figures there are.
 */
@Timeout(300)
@EnabledOnOs(OS.LINUX)
final class MonitoringProcessTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Path MONITORING = Path.of("../../../docs/monitoring").toAbsolutePath();
  private static final Pattern OURS = Pattern.compile("\\b(?:rolehost|process|jvm)_\\w+");

  /** There only while a host stops. */
  private static final Set<String> OF_A_STOP = Set.of("rolehost_stop_step_seconds");

  @TempDir private static Path folder = Path.of("");
  private static Process node;
  private static int hostPort;
  private static int nodePort;

  @BeforeAll
  static void startNode() throws Exception {
    String classPath =
        String.join(
            ",",
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Files.exists(Path.of(entry)))
                .map(entry -> "\"" + entry + "\"")
                .toList());
    Files.writeString(
        folder.resolve("solution.conf"),
        """
        roles {
          broker {
            class-path = [%1$s]
            jvm-options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
              "--enable-native-access=ALL-UNNAMED",
              "-Drolehost.role.class=io.rolehost.jobs.artemis.BrokerRole"]
          }
          worker {
            class-path = [%1$s]
            jvm-options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
              "-Drolehost.endpoints.http.port=0", "--enable-native-access=ALL-UNNAMED",
              "-Drolehost.role.class=io.rolehost.jobs.command.MonitoredRole"]
          }
          flaky {
            command = [sh, -c, "exit 7"]
            back-off { initial = 20h, cap = 20h }
          }
        }
        rolehost { profile = azure, aot = false, freeze.auto.enabled = false }
        """
            .formatted(classPath));
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.rolehost.cli.Main",
                "up")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("node.log").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLEHOST_"));
    builder.environment().put("ROLEHOST_MANAGEMENT_PORT", "0");
    node = builder.start();
    nodePort = port("node.port");
    hostPort = port("worker_IN_0.port");
    await(
        "the dead letter is sampled",
        () -> metrics(hostPort).contains("rolehost_jobs_dead_letters{queue=\"photos\"} 1.0"));
    await(
        "the program has ended",
        () -> metrics(nodePort).contains("rolehost_node_ends_total{code=\"7\""));
  }

  @AfterAll
  static void endNode() throws InterruptedException {
    if (node != null) {
      node.destroy();
      if (!node.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        node.destroyForcibly();
      }
    }
  }

  private interface Check {
    boolean holds() throws IOException, InterruptedException;
  }

  private static void await(String what, Check check) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        if (check.holds()) {
          return;
        }
      } catch (IOException e) {
        // not yet
      }
      if (System.nanoTime() - end > 0 || !node.isAlive()) {
        throw new AssertionFailedError("waited in vain until " + what + "; " + nodeLog());
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }

  private static String nodeLog() {
    try {
      return Files.readString(folder.resolve("node.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static int port(String file) throws InterruptedException {
    Path path = folder.resolve(".rolehost/run").resolve(file);
    await(path + " is there", () -> !Files.readString(path).isBlank());
    try {
      return Integer.parseInt(Files.readAllLines(path).getFirst().strip());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String get(String url) throws IOException, InterruptedException {
    return CLIENT
        .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static String metrics(int port) throws IOException, InterruptedException {
    return get("http://127.0.0.1:" + port + "/metrics");
  }

  private static void assumeTool(String tool) {
    assumeTrue(
        Arrays.stream(requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
            .anyMatch(entry -> Files.isExecutable(Path.of(entry, tool))),
        () -> tool + " is not installed");
  }

  private static String run(String input, String... command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().write(input.getBytes(UTF_8));
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return "exit " + process.waitFor() + "\n" + said;
  }

  @Test
  void metrics_ofHostAndNode_areWithoutComplaintOfPromtool() throws Exception {
    assumeTool("promtool");
    assertEquals("exit 0\n", run(metrics(hostPort), "promtool", "check", "metrics"));
    assertEquals("exit 0\n", run(metrics(nodePort), "promtool", "check", "metrics"));
  }

  @Test
  void alerts_fireAndDoNotFire_asTheirTestsSay() throws Exception {
    assumeTool("promtool");
    String rules = MONITORING.resolve("rolehost-alerts.yml").toString();
    String checked = run("", "promtool", "check", "rules", rules);
    assertTrue(checked.startsWith("exit 0\n") && checked.contains("6 rules found"), checked);
    String tested =
        run("", "promtool", "test", "rules", MONITORING.resolve("rolehost-alerts-test.yml") + "");
    assertTrue(tested.startsWith("exit 0\n"), tested);
  }

  @Test
  void dashboardAndAlerts_speakOfFiguresThereAre() throws Exception {
    String there = metrics(hostPort) + metrics(nodePort);
    Set<String> names = new TreeSet<>(OF_A_STOP);
    for (String line : there.lines().filter(line -> !line.startsWith("#")).toList()) {
      names.add(line.split("[{ ]", 2)[0]);
    }
    JsonNode dashboard =
        new ObjectMapper().readTree(MONITORING.resolve("rolehost-dashboard.json").toFile());
    List<String> expressions = dashboard.findValuesAsString("expr");
    assertTrue(expressions.size() > 20, expressions::toString);
    String all =
        String.join("\n", expressions)
            + Files.readString(MONITORING.resolve("rolehost-alerts.yml"));
    Set<String> unknown = new TreeSet<>();
    Matcher used = OURS.matcher(all);
    while (used.find()) {
      if (!names.contains(used.group())) {
        unknown.add(used.group());
      }
    }
    assertEquals(Set.of(), unknown, () -> "known are " + names);
  }

  @Test
  void prometheus_thatScrapesHostAndNode_answersWithTheirSeries() throws Exception {
    assumeTool("prometheus");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path config =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["%s"]
            scrape_configs:
              - {job_name: roles, static_configs: [{targets: ["127.0.0.1:%d"]}]}
              - {job_name: nodes, honor_labels: true, static_configs: [{targets: ["127.0.0.1:%d"]}]}
            """
                .formatted(MONITORING.resolve("rolehost-alerts.yml"), hostPort, nodePort));
    List<String> command = new ArrayList<>();
    command.add("prometheus");
    command.add("--config.file=" + config);
    command.add("--storage.tsdb.path=" + folder.resolve("tsdb"));
    command.add("--web.listen-address=127.0.0.1:" + port);
    command.add("--log.level=warn");
    Process prometheus =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    try {
      String api = "http://127.0.0.1:" + port + "/api/v1/";
      awaitAnswer(api, "sum(up)", "2");
      awaitAnswer(api, "rolehost_ready{job=\"roles\"}", "1");
      awaitAnswer(api, "rolehost_jobs_dead_letters{queue=\"photos\"}", "1");
      awaitAnswer(api, "rolehost_task_restarts_total{task=\"stumbling\",reason=\"failed\"}", "1");
      awaitAnswer(api, "rolehost_task_leave_seconds_count{task=\"stopped\"}", "1");
      awaitAnswer(
          api, "rolehost_node_ends_total{job=\"nodes\",instance=\"flaky_IN_0\",code=\"7\"}", "1");
      awaitAnswer(
          api, "rolehost_node_instance_state{instance=\"worker_IN_0\",state=\"ready\"}", "1");
      await(
          "the alert on dead letters is pending",
          () -> {
            JsonNode rules = new ObjectMapper().readTree(get(api + "rules"));
            return rules.toString().contains("\"name\":\"RolehostDeadLetters\"")
                && rules.findValuesAsString("state").contains("pending");
          });
    } finally {
      prometheus.destroy();
      if (!prometheus.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        prometheus.destroyForcibly();
      }
    }
  }

  private static void awaitAnswer(String api, String query, String value)
      throws InterruptedException {
    String url = api + "query?query=" + URLEncoder.encode(query, UTF_8);
    await(
        query + " is " + value,
        () -> {
          String answer = get(url);
          if (!answer.startsWith("{")) {
            return false; // it says that it is not ready yet
          }
          JsonNode results = new ObjectMapper().readTree(answer).path("data").path("result");
          return results.size() == 1
              && results.get(0).path("value").path(1).asString().equals(value);
        });
  }
}
