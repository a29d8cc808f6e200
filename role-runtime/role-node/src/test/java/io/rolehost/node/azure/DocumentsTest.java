package io.rolehost.node.azure;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rolehost.node.azure.EnvironmentDocument.Instance;
import io.rolehost.node.azure.EnvironmentDocument.Listening;
import io.rolehost.node.azure.EnvironmentDocument.Resource;
import io.rolehost.node.azure.Topology.Member;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.RoleSpec.Endpoint;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** What a node tells, as documents; and to whom. */
final class DocumentsTest {

  private static Element parse(byte[] document) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(document))
        .getDocumentElement();
  }

  @Test
  void goalState_withAPathOfAnyLetters_isAsLongInBytesAsInCharacters() throws Exception {
    GoalState goal =
        new GoalState(
            3,
            Optional.of(Instant.parse("2027-03-31T12:00:00.5Z")),
            "/var/lib/Größe & \"x\"/e.xml");
    String frame = new String(goal.frame("/s<1>"), UTF_8);
    int lineEnd = frame.indexOf("\r\n");
    int length = Integer.parseInt(frame.substring(0, lineEnd), 16);
    String document = frame.substring(lineEnd + 2, lineEnd + 2 + length);
    assertEquals("\r\n", frame.substring(lineEnd + 2 + length));
    assertEquals(length, document.getBytes(UTF_8).length);
    Element root = parse(document.getBytes(US_ASCII));
    assertEquals("GoalState", root.getTagName());
    assertEquals("3", text(root, "Incarnation"));
    assertEquals("Stopped", text(root, "ExpectedState"));
    assertEquals("/var/lib/Größe & \"x\"/e.xml", text(root, "RoleEnvironmentPath"));
    assertEquals("/s<1>", text(root, "CurrentStateEndpoint"));
    assertEquals("2027-03-31T12:00:00.500Z", text(root, "Deadline"));
    Element started =
        parse(
            new String(new GoalState(1, Optional.empty(), "/e").frame("/s"), US_ASCII)
                .replaceFirst("^.*\r\n", "")
                .getBytes(US_ASCII));
    assertEquals("Started", text(started, "ExpectedState"));
    assertEquals("9999-12-31T23:59:59.9999999", text(started, "Deadline"));
  }

  private static String text(Element root, String name) {
    return root.getElementsByTagName(name).item(0).getTextContent();
  }

  @Test
  void discovery_namesTheProtocolAndThePath() throws Exception {
    Element server =
        (Element)
            parse(GoalState.discovery("/g&h"))
                .getElementsByTagName("RuntimeServerEndpoint")
                .item(0);
    assertEquals("2011-03-08", server.getAttribute("version"));
    assertEquals("/g&h", server.getAttribute("path"));
  }

  @Test
  void environment_withAnyCharacters_comesBackAsItWas() throws Exception {
    String value = "Grüße\n\t<&>\"' \uD83D\uDE00 \u0001";
    EnvironmentDocument document =
        new EnvironmentDocument(
            "staging",
            true,
            "web",
            new Instance("web_IN_7", 2, Map.of("http", new Listening("127.0.0.1", 8087, "http"))),
            Map.of("A.B", value),
            Map.of("scratch", new Resource("/l/scratch", 100)),
            Map.of("web", List.of(new Instance("web_IN_7", 2, Map.of())), "none", List.of()));
    Element root = parse(document.xml().getBytes(UTF_8));
    assertEquals("staging true", attributes(root, "Deployment", "id", "emulated"));
    assertEquals(
        "web_IN_7 web 0 2",
        attributes(root, "CurrentInstance", "id", "roleName", "faultDomain", "updateDomain"));
    assertEquals(
        "A.B " + value.replace('\u0001', '\uFFFD'),
        attributes(root, "ConfigurationSetting", "name", "value"));
    assertEquals(
        "scratch /l/scratch 100", attributes(root, "LocalResource", "name", "path", "sizeInMB"));
    assertEquals(
        "http 127.0.0.1 8087 http",
        attributes(root, "Endpoint", "name", "address", "port", "protocol"));
    assertEquals("web_IN_7", attributes(root, "Instance", "id"));
    assertEquals(2, root.getElementsByTagName("Role").getLength());
  }

  private static String attributes(Element root, String element, String... names) {
    Element first = (Element) root.getElementsByTagName(element).item(0);
    StringBuilder values = new StringBuilder();
    for (String name : names) {
      values.append(values.isEmpty() ? "" : " ").append(first.getAttribute(name));
    }
    return values.toString();
  }

  private static RoleSpec role(String name, Map<String, Endpoint> endpoints) {
    return RoleSpec.named(name, new Program.Command(List.of("x"))).endpoints(endpoints).build();
  }

  @Test
  void topology_showsOthersOnlyOfRolesWithAnInternalEndpoint_andOneselfAlways() {
    RoleSpec inner = role("inner", Map.of("bus", new Endpoint(9000, "10.0.0.4", "udp", true)));
    RoleSpec outer = role("outer", Map.of("web", new Endpoint(8080)));
    Topology topology =
        new Topology(
            List.of(
                new Member(inner, 0, Map.of("bus", 9000)),
                new Member(inner, 6, Map.of()),
                new Member(outer, 0, Map.of()),
                new Member(outer, 1, Map.of())));
    List<Instance> inners =
        List.of(
            new Instance("inner_IN_0", 0, Map.of("bus", new Listening("10.0.0.4", 9000, "udp"))),
            new Instance("inner_IN_6", 1, Map.of("bus", new Listening("10.0.0.4", 9006, "udp"))));
    assertEquals(
        Map.of(
            "inner",
            inners,
            "outer",
            List.of(
                new Instance(
                    "outer_IN_1", 1, Map.of("web", new Listening("127.0.0.1", 8081, "tcp"))))),
        topology.seenBy("outer_IN_1"));
    assertEquals(Map.of("inner", inners, "outer", List.of()), topology.seenBy("inner_IN_0"));
  }

  @Test
  void endpoint_whosePortIsNotKnownYet_isLeftOut() {
    RoleSpec role = role("a", Map.of("http", new Endpoint(0)));
    assertEquals(Map.of(), new Member(role, 0, Map.of()).instance().endpoints());
    assertEquals(
        Map.of("http", new Listening("127.0.0.1", 5000, "tcp")),
        new Member(role, 0, Map.of("http", 5000)).instance().endpoints());
  }

  @Test
  void domains_ofFourteenInstancesOverFive_areDealtInTurn() {
    RoleSpec role = role("a", Map.of());
    int[] counts = new int[5];
    for (int n = 0; n < 14; n++) {
      counts[new Member(role, n, Map.of()).instance().updateDomain()]++;
    }
    assertEquals("[3, 3, 3, 3, 2]", java.util.Arrays.toString(counts));
  }

  @Test
  void settings_ofAnyKind_areTextsByTheirDottedNames() {
    assertEquals(
        Map.of("A.B", "x", "c.d", "1", "e", "true", "f", "[1,\"b\"]"),
        RoleSettings.byName(
            "\"A.B\" = x, c { d = 1 }, e = true, f = [1, b], rolehost.stop.grace = 5s"));
  }

  @Test
  void stopNotice_leavesAQuarterOfTheTimeForTheEnd_butNeverMoreThanFiveSeconds() {
    assertEquals(Duration.ofMillis(7_500), StopNotice.time(Duration.ofSeconds(10)));
    assertEquals(Duration.ofSeconds(295), StopNotice.time(Duration.ofSeconds(300)));
    assertEquals(Duration.ZERO, StopNotice.time(Duration.ofSeconds(-1)));
  }

  @Test
  void recycle_waitsForItsTurn_butNotForEver_andNotIfItCostsNothing() {
    long second = 1_000_000_000L;
    // Nobody else is down: at once, but a second after the last start.
    assertEquals(100 * second, RecycleTurn.due(100 * second, 0, true, 0, 1));
    assertEquals(101 * second, RecycleTurn.due(100 * second, 100 * second, true, 0, 1));
    // Another is down: it waits, a minute at most.
    assertEquals(160 * second, RecycleTurn.due(100 * second, 0, true, 1, 1));
    assertEquals(100 * second, RecycleTurn.due(100 * second, 0, true, 1, 2));
    // It is not ready itself: it takes nothing away.
    assertEquals(100 * second, RecycleTurn.due(100 * second, 0, false, 1, 1));
  }
}
