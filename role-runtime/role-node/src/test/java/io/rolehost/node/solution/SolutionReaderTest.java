package io.rolehost.node.solution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rolehost.node.solution.NodeSettings.Profile;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SolutionReaderTest {
  @TempDir private Path directory;

  private Surroundings surroundings(Map<String, String> environment) {
    return new Surroundings(environment, Map.of(), directory, false, 4711);
  }

  private Solution read(String text, Map<String, String> environment) throws Exception {
    Path file = directory.resolve("solution.conf");
    Files.writeString(file, text);
    return SolutionReader.read(file, surroundings(environment));
  }

  @Test
  void roles_ofAllKinds_areReadInTheOrderOfTheFile() throws Exception {
    Files.createFile(directory.resolve("web.jar"));
    Solution solution =
        read(
            """
            rolehost { deployment = staging, profile = dev }
            roles {
              web {
                jar = web.jar
                instances = 2
                env { GREETING = hello, "a.b" = 7 }
                jvm-options = ["-Xmx64m"]
                stop-grace = 30s
              }
              another { command = ["sleep", "1"] }
            }
            """,
            Map.of());
    assertEquals(
        List.of(
            RoleSpec.named(
                    "web",
                    new Program.Jar(directory.resolve("web.jar"), List.of("-Xmx64m"), List.of()))
                .instances(2)
                .environment(Map.of("GREETING", "hello", "a.b", "7"))
                .stopGrace(Duration.ofSeconds(30))
                .build(),
            RoleSpec.named("another", new Program.Command(List.of("sleep", "1"))).build()),
        solution.roles());
    assertEquals("staging", solution.node().deployment());
    assertEquals(Profile.DEV, solution.node().profile());
    assertEquals(directory.resolve(".rolehost"), solution.node().stateDir());
    assertEquals(8081, solution.node().management().port());
  }

  @Test
  void problems_several_areAllToldWithTheirLine() {
    SolutionProblems problems =
        assertThrows(
            SolutionProblems.class,
            () ->
                read(
                    """
                    roles {
                      web { jar = missing.jar, instances = many, colour = red }
                      both { jar = a.jar, command = ["x"] }
                      "a b" { command = [] }
                      env { command = ["x"], env { ROLEHOST_NODE = 1 } }
                    }
                    """,
                    Map.of()));
    Path file = directory.resolve("solution.conf");
    assertEquals(
        List.of(
            file + ":2: unknown key 'colour' in role 'web'; the nearest is 'jar'",
            file
                + ":2: the jar of role 'web' does not exist: "
                + directory.resolve("missing.jar")
                + ": build it, or correct it",
            file + ":2: instances of role 'web': expected 0 to 1000, found many",
            file
                + ":3: role 'both' needs one of: jar = \"path\", class-path = [\"lib/*\"], or"
                + " command = [\"program\", \"argument\"]",
            file + ":4: role name 'a b': expected letters, digits, '-', '_' and '.', at most 63",
            file + ":4: the command of role 'a b' is empty",
            file + ":5: ROLEHOST_NODE in env of role 'env' is set by the node and can't be given"),
        problems.problems());
  }

  @Test
  void settings_fromTheEnvironment_winOverTheFile() throws Exception {
    Solution solution =
        read(
            "rolehost { deployment = a, management { port = 1 } }, roles { x { command = [x] } }",
            Map.of(
                "ROLEHOST_DEPLOYMENT", "b",
                "ROLEHOST_MANAGEMENT_PORT", "9",
                "ROLEHOST_STATE_DIR", "/var/lib/x",
                "NOTIFY_SOCKET", "/run/notify"));
    assertEquals("b", solution.node().deployment());
    assertEquals(9, solution.node().management().port());
    assertEquals(Path.of("/var/lib/x"), solution.node().stateDir());
    assertEquals(Profile.SYSTEMD, solution.node().profile());
  }

  @Test
  void childEnvironment_always_isTheNodesWithoutItsOwnSettings() throws Exception {
    Solution solution = read("roles { x { command = [x], env { A = 1 } } }", Map.of());
    assertEquals(
        Map.of(
            "PATH", "/bin",
            "A", "1",
            "ROLEHOST_NODE", "12",
            "ROLEHOST_PROFILE", "azure",
            "ROLEHOST_DEPLOYMENT", "default",
            "ROLEHOST_ROLE_NAME", "x",
            "ROLEHOST_INSTANCE", "3",
            "ROLEHOST_STATE_DIR", directory.resolve(".rolehost").toString(),
            "ROLEHOST_MANAGEMENT_PORT", "0"),
        ChildEnvironment.of(
            Map.of(
                "PATH", "/bin",
                "ROLEHOST_MANAGEMENT_TOKEN", "secret",
                "ROLEHOST_FREEZE", "true",
                "NOTIFY_SOCKET", "/run/notify"),
            Map.of(),
            solution.node(),
            solution.roles().getFirst(),
            3,
            12));
  }
}
