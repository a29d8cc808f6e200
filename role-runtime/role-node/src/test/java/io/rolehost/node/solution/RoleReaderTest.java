package io.rolehost.node.solution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rolehost.api.Backoff;
import io.rolehost.node.machine.Rules;
import io.rolehost.node.solution.RoleSpec.Endpoint;
import io.rolehost.node.solution.RoleSpec.Limits;
import io.rolehost.node.solution.RoleSpec.LocalResource;
import io.rolehost.node.solution.RoleSpec.StartupTask;
import io.rolehost.node.solution.RoleSpec.Update;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoleReaderTest {
  @TempDir private Path directory;

  private Solution read(String text) throws Exception {
    Path file = directory.resolve("solution.conf");
    Files.writeString(file, text);
    Files.write(directory.resolve("a.jar"), new byte[0]);
    return SolutionReader.read(
        file, new Surroundings(Map.of(), Map.of("user.name", "root"), directory, false, 4711));
  }

  private List<String> problems(String text) {
    Path file = directory.resolve("solution.conf");
    return assertThrows(SolutionProblems.class, () -> read(text)).problems().stream()
        .map(problem -> problem.replace(file.toString(), "FILE").replace(directory + "/", ""))
        .toList();
  }

  @Test
  void roleHost_withEveryKey_isReadWhole() throws Exception {
    Solution solution =
        read(
            """
            roles {
              db { command = [x] }
              web {
                jar = a.jar
                jvm-options = ["-Xmx64m"]
                arguments = [a, 1]
                instances = 3
                env { A = b, GONE = null }
                clean-environment = true
                working-directory = .
                run-as = nobody
                limits { memory = 512MiB, cpus = 1.5 }
                settings { photos { greeting = hello, many = [1, 2] } }
                endpoints { http { port = 9080 }, admin { port = auto } }
                local-resources { cache { size = 100MiB, clean-on-recycle = true }, scratch {} }
                startup = [
                  { command = [bin/warm-up, --all] }
                  { name = other, command = [x], type = background, timeout = 30s
                    environment { LANG = C } }
                ]
                depends-on = [db]
                critical = true
                hot-spare = true
                update { domains = 2, max-unavailable = 3, min-ready = 4s }
                stop-grace = 1m
                unresponsive-after = 20m
                back-off { initial = 2s, factor = 3, cap = 1m, jitter = 0.5, reset-after = 20m
                  exempt-codes = [75, 143] }
              }
            }
            """);
    RoleSpec expected =
        RoleSpec.named(
                "web",
                new Program.Jar(directory.resolve("a.jar"), List.of("-Xmx64m"), List.of("a", "1")))
            .instances(3)
            .environment(Map.of("A", "b"))
            .cleanEnvironment(true)
            .workingDirectory(directory)
            .runAs("nobody")
            .limits(new Limits(OptionalLong.of(512L << 20), OptionalDouble.of(1.5)))
            .settings(solution.roles().get(1).settings().orElseThrow())
            .endpoints(Map.of("http", new Endpoint(9080), "admin", new Endpoint(0)))
            .localResources(
                Map.of(
                    "cache", new LocalResource(100L << 20, true),
                    "scratch", new LocalResource(1000L << 20, false)))
            .startup(
                List.of(
                    new StartupTask(
                        "warm-up",
                        List.of("bin/warm-up", "--all"),
                        StartupTask.Type.SIMPLE,
                        Duration.ofMinutes(5),
                        Map.of()),
                    new StartupTask(
                        "other",
                        List.of("x"),
                        StartupTask.Type.BACKGROUND,
                        Duration.ofSeconds(30),
                        Map.of("LANG", "C"))))
            .dependsOn(List.of("db"))
            .critical(true)
            .hotSpare(true)
            .update(new Update(2, 3, Duration.ofSeconds(4)))
            .stopGrace(Duration.ofMinutes(1))
            .unresponsiveAfter(Duration.ofMinutes(20))
            .rules(standard ->
                new Rules(
                    true,
                    Duration.ofMinutes(20),
                    standard.betweenStarts(),
                    Duration.ofSeconds(2),
                    new Backoff(Duration.ofSeconds(6), Duration.ofMinutes(1), 3, 0.5),
                    Set.of(75, 143)))
            .build();
    assertEquals(expected, solution.roles().get(1));
    assertEquals(
        "photos{greeting=hellomany=[1,2]}",
        expected.settings().orElseThrow().replaceAll("\\s", ""));
  }

  @Test
  void classPath_withoutAMainClass_isARoleHost() throws Exception {
    RoleSpec role = read("roles { a { class-path = [a.jar, \"./*\"] } }").roles().getFirst();
    assertEquals(
        RoleSpec.named(
                "a",
                new Program.ClassPath(
                    List.of(directory.resolve("a.jar"), directory.resolve("*")),
                    "io.rolehost.runtime.RoleHost",
                    List.of(),
                    List.of()))
            .build(),
        role);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          port = 5432                | Port[port=5432]
          port = http                | OfEndpoint[name=http]
          fd = 4                     | Descriptor[number=4]
          http = /health             | Http[path=/health, where=OfEndpoint[name=http]]
          http = /health, port = 99  | Http[path=/health, where=Port[port=99]]
          http { path = /h }         | Probed[path=/h, where=OfEndpoint[name=http], interval=PT15S, timeout=PT31S]
          http { path = /h, port = 99, interval = 5s, timeout = 11s } | Probed[path=/h, where=Port[port=99], interval=PT5S, timeout=PT11S]
          """)
  void ready_inEachForm_isRead(String given, String expected) throws Exception {
    Solution solution =
        read(
            "roles { a { class-path = [a.jar], main-class = M, role-host = false\n"
                + "endpoints { http { port = 80 } }, ready { "
                + given
                + " } } }");
    assertEquals(expected, solution.roles().getFirst().ready().toString());
  }

  @ParameterizedTest
  @CsvSource({"PT15S, PT31S, 2", "PT5S, PT11S, 2", "PT10S, PT60S, 6", "PT20S, PT31S, 1"})
  void probe_isTakenBack_afterTheAnswersThatFitIntoItsTimeout(
      Duration interval, Duration timeout, int failures) {
    assertEquals(
        failures, new Ready.Probed("/health", new Ready.Port(80), interval, timeout).failures());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jar = nope.jar | the jar of role 'r' does not exist: nope.jar: build it, or correct it
          class-path = [nope] | class-path of role 'r': there is no nope: build it, or correct it
          jar = a.jar, main-class = M | main-class of role 'r' goes with class-path
          command = [x], jvm-options = [y] | jvm-options of role 'r' means nothing to a command
          command = [x], hot-spare = true | hot-spare of role 'r' means nothing to a program that is no role host
          command = [x], settings { a = 1 } | settings of role 'r' means nothing to a program that is no role host
          jar = a.jar, ready { port = 1 } | ready of role 'r' is for programs that are no role host; this one tells by itself
          command = [x], critical = maybe | critical of role 'r': expected true or false, found maybe
          command = [x], working-directory = nope | working-directory of role 'r': there is no folder nope
          command = [x], run-as = no-such-user | run-as of role 'r': there is no user no-such-user
          command = [x], limits { memory = lots } | limits.memory of role 'r': expected a size such as 512MiB, at least 1048576 bytes, found "lots"
          command = [x], limits { cpus = 0 } | limits.cpus of role 'r': expected a number from 0.01 to 4096.0, found 0
          command = [x], limits { cpu = 1 } | unknown key 'cpu' in limits of role 'r'; the nearest is 'cpus'
          command = [x], depends_on = [y] | unknown key 'depends_on' in role 'r'; the nearest is 'depends-on'
          command = [x], depends-on = [s] | depends-on of role 'r': there is no role 's'; the nearest is 'r'
          command = [x], depends-on = [r] | roles wait for each other: r -> r
          command = [x], endpoints { http { port = 70000 } } | endpoints.http.port of role 'r': expected 0 to 65535, found 70000
          command = [x], endpoints { http {} } | endpoints.http.port of role 'r' is missing: expected a number, or auto
          command = [x], endpoints { http = 80 } | endpoints.http of role 'r' must be a block: { … }
          command = [x], endpoints { a { port = 8081 } } | endpoint 'a' of r_IN_0 has port 8081, and so has rolehost.management.port of the node: instance n has port + n
          command = [x], instances = 2, endpoints { a { port = 65535 } } | endpoint 'a' of r_IN_1 would have port 65536, and 65535 is the last
          command = [x], local-resources { "a/b" {} } | local resource name 'a/b': expected letters, digits, '-', '_' and '.', at most 63
          command = [x], startup = [{ command = [] }] | startup[0].command of role 'r' is missing: expected a list such as [bin/warm-up, --all]
          command = [x], startup = [{ command = [y], type = big }] | startup[0].type of role 'r': expected simple, background or foreground, found big
          command = [x], startup = [{ command = [y], type = background }] | startup[0].type of role 'r': only simple ones can run before a program that is no role host
          jar = a.jar, startup = [{ command = [y] }, { command = [y] }] | startup[1].name of role 'r': there are two startup programs 'y'
          command = [x], ready { port = http } | ready.port of role 'r': expected 1 to 65535 or the name of an endpoint, found http
          command = [x], ready { http = health, port = 1 } | ready.http of role 'r': expected a path such as /health, found health
          command = [x], ready { http = /health } | ready.port of role 'r' is missing: expected a number, or the name of an endpoint
          command = [x], ready { http { port = 1 } } | ready.http.path of role 'r': expected a path such as /health, found nothing
          command = [x], ready { http { path = /h } } | ready.http.port of role 'r' is missing: expected a number, or the name of an endpoint
          command = [x], ready { http { path = /h, port = 1 }, port = 1 } | ready.port of role 'r': the port of a probe is ready.http.port
          command = [x], ready { http { path = /h, port = 1, interval = 4s } } | ready.http.interval of role 'r': expected at least 5s, found 4000ms
          command = [x], ready { http { path = /h, port = 1, timeout = 10s } } | ready.http.timeout of role 'r': expected at least 11s, found 10000ms
          command = [x], ready { http { path = /h, port = 1, interval = 40s } } | ready.http.timeout of role 'r': expected more than the interval (40s), found 31s; a bit more than twice of it leaves room for one answer that is lost
          command = [x], ready { http { path = /h, port = 1, intervall = 6s } } | unknown key 'intervall' in ready.http of role 'r'; the nearest is 'interval'
          command = [x], ready { fd = 2 } | ready.fd of role 'r': expected 3 to 9, found 2
          command = [x], ready { fd = 3, port = 1 } | ready.fd of role 'r' goes with neither port nor http
          command = [x], update { domains = 0 } | update.domains of role 'r': expected 1 to 1000, found 0
          command = [x], stop-grace = soon | stop-grace of role 'r': expected a time such as 30s, found "soon"
          command = [x], back-off { initial = 10m } | back-off.cap of role 'r': expected at least initial
          command = [x], back-off { factor = 0.5 } | back-off.factor of role 'r': expected a number from 1.0 to 100.0, found 0.5
          command = [x], back-off { exempt-codes = [300] } | back-off.exempt-codes of role 'r': expected 0 to 255, found 300
          """)
  void mistake_ofEachKind_isToldWithItsLine(String role, String problem) {
    assertEquals(List.of("FILE:2: " + problem), problems("roles {\n r { " + role + " } }"));
  }

  @Test
  void runAs_whereTheNodeIsNotRoot_isRefused() throws Exception {
    Path file = directory.resolve("solution.conf");
    Files.writeString(file, "roles { r { command = [x], run-as = root } }");
    SolutionProblems problems =
        assertThrows(
            SolutionProblems.class,
            () ->
                SolutionReader.read(
                    file,
                    new Surroundings(
                        Map.of(), Map.of("user.name", "ann"), directory, false, 4711)));
    assertEquals(
        List.of(
            file + ":1: run-as of role 'r' needs a node that root runs; this one is run by ann"),
        problems.problems());
  }

  @Test
  void dependencies_inACircle_areToldOnceWithTheCircle() {
    assertEquals(
        List.of("FILE:3: roles wait for each other: b -> c -> b"),
        problems(
            """
            roles {
              a { command = [x], depends-on = [b] }
              b { command = [x], depends-on = [c] }
              c { command = [x], depends-on = [b, d] }
              d { command = [x] }
            }
            """));
  }

  @Test
  void ports_ofTwoInstancesThatMeet_areRefused() {
    assertEquals(
        List.of(
            "FILE:3: endpoint 'http' of b_IN_0 has port 9001, and so has endpoint 'http' of"
                + " a_IN_1: instance n has port + n"),
        problems(
            """
            roles {
              a { command = [x], instances = 2, endpoints { http { port = 9000 } } }
              b { command = [x], endpoints { http { port = 9001 } } }
            }
            """));
  }

  @Test
  void azureRuntime_ofAProgram_hasSettingsAndEndpointsToTell_andFoldersOfAzuresSize()
      throws Exception {
    RoleSpec role =
        read("""
        roles { a {
          command = [x]
          azure-runtime = true
          settings { A = 1 }
          endpoints {
            web { port = 80, protocol = http, host = 0.0.0.0 }
            bus { port = auto, internal = true }
          }
          local-resources { scratch { } }
        } }
        """)
            .roles()
            .getFirst();
    assertEquals(
        RoleSpec.named("a", new Program.Command(List.of("x")))
            .azureRuntime(true)
            .settings("A=1\n")
            .endpoints(
                Map.of(
                    "web",
                    new Endpoint(80, "0.0.0.0", "http", false),
                    "bus",
                    new Endpoint(0, "127.0.0.1", "tcp", true)))
            .localResources(Map.of("scratch", new LocalResource(100L * 1024 * 1024, false)))
            .build(),
        role);
  }

  @Test
  void azureRuntime_withOtherSettings_isTheSameProcess_andWithoutItIsNot() throws Exception {
    String text = "roles { a { jar = a.jar, azure-runtime = %s, settings { A = %d } } }";
    assertEquals(
        true,
        read(text.formatted("true", 1))
            .roles()
            .getFirst()
            .hasProcessOf(read(text.formatted("true", 2)).roles().getFirst()));
    assertEquals(
        false,
        read(text.formatted("false", 1))
            .roles()
            .getFirst()
            .hasProcessOf(read(text.formatted("false", 2)).roles().getFirst()));
  }

  @Test
  void azureRuntime_withMistakes_saysWhatIsExpected() {
    assertEquals(
        List.of(
            "FILE:2: endpoints.web.host of role 'a': expected an address such as 10.0.0.4, found"
                + " web.example",
            "FILE:2: endpoints.web.protocol of role 'a': expected one of http, https, tcp, udp,"
                + " tls, ip, raw, wcf:tcp, wcf:tls, wcf:http, wcf:https, wcf:https:certificate;"
                + " found gopher",
            "FILE:3: hot-spare of role 'b' does not go with azure-runtime: one process has it at a"
                + " time"),
        problems(
            """
            roles {
              a { command = [x], endpoints { web { port = 80, host = web.example, protocol = gopher } } }
              b { jar = a.jar, azure-runtime = true, hot-spare = true }
            }
            """));
  }
}
