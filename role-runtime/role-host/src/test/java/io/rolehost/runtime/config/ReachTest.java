package io.rolehost.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let listen beyond the machine. */
final class ReachTest {

  @TempDir private Path root = Path.of("");

  // Made before each test.
  @SuppressWarnings("NullAway.Init")
  private Place place;

  @BeforeEach
  void makePlace() {
    place = new Place(root);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.7", "photos.example", "127.0.0.1.example"})
  void host_beyondTheMachine_withoutTokenAndTls_isRefused(String host) {
    List<String> problems = place.property("rolehost.management.host", host).problems();
    assertEquals(1, problems.size(), problems.toString());
    String problem = problems.getFirst();
    assertTrue(problem.contains("rolehost.management.host: the management plane would"), problem);
    assertTrue(problem.contains("(" + host + ") with neither TLS nor a token"), problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "localhost", "LOCALHOST"})
  void host_ofThisMachine_isLetBe(String host) {
    assertEquals(
        host,
        place.property("rolehost.management.host", host).load().settings().management().host());
  }

  @ParameterizedTest
  @CsvSource({
    "rolehost.management.token, t",
    "rolehost.management.token-file, t",
    "rolehost.management.operate-token, t",
    "rolehost.management.read-token-file, t",
    "rolehost.profile, kubernetes"
  })
  void host_beyondTheMachine_isLetBeWhereItIsMeant(String key, String value) {
    assertFalse(
        place
            .property("rolehost.management.host", "0.0.0.0")
            .property(key, value)
            .load()
            .settings()
            .management()
            .isLocal());
  }

  @Test
  void tls_ofBothFiles_isSetAndLetsListenAnywhere() {
    assertEquals(
        Optional.of(new HostSettings.Tls(place.at("work/a.crt"), place.at("work/a.key"))),
        place
            .property("rolehost.management.host", "0.0.0.0")
            .property("rolehost.management.tls.certificate", "a.crt")
            .property("rolehost.management.tls.key", "a.key")
            .load()
            .settings()
            .management()
            .tls());
  }

  @Test
  void tls_ofOneFile_isAProblem() {
    List<String> problems = place.property("rolehost.management.tls.key", "a.key").problems();
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().contains("set both"), problems.toString());
  }

  @Test
  void tls_underANode_isNotUsed_andNotBeyondTheMachine() {
    Place child =
        place
            .variable("ROLEHOST_NODE", "12")
            .property("rolehost.management.tls.certificate", "a.crt")
            .property("rolehost.management.tls.key", "a.key");
    assertEquals(Optional.empty(), child.load().settings().management().tls());
    List<String> problems =
        child
            .property("rolehost.management.host", "0.0.0.0")
            .property("rolehost.management.token", "t")
            .problems();
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().contains("has no TLS"), problems.toString());
  }
}
