package com.microsoft.windowsazure.serviceruntime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Documents and frames, and what counts as a change. */
final class EnvironmentTest {
  private static final String CURRENT =
      "<CurrentInstance id='a_IN_0' roleName='a' faultDomain='1' updateDomain='2'>";

  private static Environment read(String current, String rest) throws IOException {
    String document =
        "<RoleEnvironment><Deployment id='d' emulated='true'/>"
            + CURRENT
            + current
            + "</CurrentInstance>"
            + rest
            + "</RoleEnvironment>";
    return Environment.read(new ByteArrayInputStream(document.getBytes(UTF_8)));
  }

  private static String role(String name, String instances) {
    return "<Role name='" + name + "'><Instances>" + instances + "</Instances></Role>";
  }

  private static String instance(String id, int fault, int update, String endpoints) {
    return "<Instance id='%s' faultDomain='%d' updateDomain='%d'><Endpoints>%s</Endpoints></Instance>"
        .formatted(id, fault, update, endpoints);
  }

  private static String endpoint(String name, int port, String protocol) {
    return "<Endpoint name='%s' address='127.0.0.1' port='%d' protocol='%s'/>"
        .formatted(name, port, protocol);
  }

  private static Environment roles(String... roles) throws IOException {
    return read("", "<Roles>" + String.join("", roles) + "</Roles>");
  }

  private static List<String> changes(Environment before, Environment after) {
    return before.changesTo(after).stream()
        .map(change ->
            change instanceof RoleEnvironmentTopologyChange topology
                ? topology.getRoleName()
                : ((RoleEnvironmentConfigurationSettingChange) change)
                    .getConfigurationSettingName())
        .toList();
  }

  @Test
  void document_withoutOptionalElements_isReadAsEmpty() throws IOException {
    Environment environment = read("", "");
    assertEquals(Map.of(), environment.settings);
    assertEquals(Map.of(), environment.localResources);
    assertEquals("d", environment.deploymentId);
    assertEquals(true, environment.emulated);
    assertEquals(1, environment.current.getFaultDomain());
    assertEquals(2, environment.current.getUpdateDomain());
    assertEquals(Map.of("a_IN_0", environment.current), environment.roles.get("a").getInstances());
    assertEquals(environment.roles.get("a"), environment.current.getRole());
  }

  @Test
  void protocol_isSpelledAsOfOld_orAsTheDefinitionDoes() throws IOException {
    RoleInstanceEndpoint endpoint =
        read("<Endpoints>" + endpoint("x", 80, "wcf:tcp") + "</Endpoints>", "")
            .current
            .getInstanceEndpoints()
            .get("x");
    assertEquals("WCF_TCP", endpoint.getProtocol());
    assertEquals(80, endpoint.getIpEndPoint().getPort());
    assertEquals("a_IN_0", endpoint.getRoleInstance().getId());
    System.setProperty("serviceruntime.protocol-names", "definition");
    try {
      assertEquals("wcf:tcp", endpoint.getProtocol());
    } finally {
      System.clearProperty("serviceruntime.protocol-names");
    }
  }

  @Test
  void difference_ofEachKind_isOneChangeForEachRole() throws IOException {
    String end = endpoint("e", 80, "tcp");
    Environment before = roles(role("b", instance("b_IN_0", 0, 0, end)));
    assertEquals(List.of(), changes(before, roles(role("b", instance("b_IN_0", 0, 0, end)))));
    List<String> b = List.of("b");
    assertEquals(b, changes(before, roles()));
    assertEquals(b, changes(roles(), before));
    assertEquals(b, changes(before, roles(role("b", ""))));
    assertEquals(
        b,
        changes(
            before,
            roles(role("b", instance("b_IN_0", 0, 0, end) + instance("b_IN_1", 0, 1, end)))));
    assertEquals(b, changes(before, roles(role("b", instance("b_IN_0", 1, 0, end)))));
    assertEquals(b, changes(before, roles(role("b", instance("b_IN_0", 0, 1, end)))));
    assertEquals(b, changes(before, roles(role("b", instance("b_IN_0", 0, 0, "")))));
    assertEquals(
        b, changes(before, roles(role("b", instance("b_IN_0", 0, 0, endpoint("e", 81, "tcp"))))));
    assertEquals(
        b, changes(before, roles(role("b", instance("b_IN_0", 0, 0, endpoint("e", 80, "udp"))))));
    // Several differences of one role are one change.
    assertEquals(
        b,
        changes(
            before,
            roles(role("b", instance("b_IN_0", 1, 1, "") + instance("b_IN_1", 0, 1, end)))));
  }

  @Test
  void difference_ofFoldersOrDeployment_isNoChange() throws IOException {
    String resource =
        "<LocalResources><LocalResource name='s' path='/s' sizeInMB='1'/></LocalResources>";
    assertEquals(List.of(), changes(read("", ""), read(resource, "")));
  }

  @Test
  void document_thatIsHostile_isRefused() {
    for (String document :
        List.of(
            "",
            "<Other/>",
            "<RoleEnvironment/>",
            "<!DOCTYPE RoleEnvironment [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
                + "<RoleEnvironment>&e;</RoleEnvironment>",
            "<RoleEnvironment>" + "<a>".repeat(100) + "</a>".repeat(100) + "</RoleEnvironment>")) {
      assertThrows(
          IOException.class,
          () -> Environment.read(new ByteArrayInputStream(document.getBytes(UTF_8))),
          document);
    }
  }

  private static Frames frames(byte[] bytes, int atOnce) {
    return new Frames(
        new InputStream() {
          private int at;

          @Override
          public int read() {
            return at < bytes.length ? bytes[at++] & 0xff : -1;
          }

          @Override
          public int read(byte[] buffer, int offset, int length) {
            if (at == bytes.length) {
              return -1;
            }
            int read = Math.min(Math.min(length, atOnce), bytes.length - at);
            System.arraycopy(bytes, at, buffer, offset, read);
            at += read;
            return read;
          }
        });
  }

  @Test
  void frames_withAnyLetters_inPiecesOrTogether_areWhole() throws IOException {
    String one = "<a>Grüße \uD83D\uDE00</a>";
    byte[] bytes =
        (Integer.toHexString(one.getBytes(UTF_8).length) + "\r\n" + one + "\r\n4\n<b/>\n4\r\n<c/>")
            .getBytes(UTF_8);
    for (int piece : new int[] {1, 2, 3, 8_192}) {
      Frames frames = frames(bytes, piece);
      assertEquals(one, new String(frames.next(), UTF_8));
      assertEquals("<b/>", new String(frames.next(), UTF_8));
      assertEquals("<c/>", new String(frames.next(), UTF_8));
      assertNull(frames.next());
    }
  }

  @Test
  void frame_thatIsNone_isRefused() {
    for (String bad :
        List.of("x\n", "0\n", "-1\nx", "7fffffff\nx", "f".repeat(100), "12345678901234567")) {
      assertThrows(IOException.class, () -> frames(bad.getBytes(UTF_8), 10).next(), bad);
    }
    assertThrows(EOFException.class, () -> frames("5\nabc".getBytes(UTF_8), 10).next());
    assertThrows(EOFException.class, () -> frames("5".getBytes(UTF_8), 10).next());
  }
}
