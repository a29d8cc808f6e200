package io.rolehost.runtime.management;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.runtime.config.HostSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plane by TLS, with keys that the JDK's keytool makes. */
@Timeout(60)
final class PlaneTlsTest {

  private static final String STOP =
      "POST /stop HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\n";

  @TempDir private static Path keys = Path.of("");

  @TempDir private Path folder = Path.of("");

  private final RecordingHost host = new RecordingHost();

  /** Of an elliptic curve, and another of RSA. */
  @BeforeAll
  static void makeKeys() throws Exception {
    make("one", "EC", "-groupname", "secp256r1");
    make("other", "RSA", "-keysize", "2048");
  }

  private static void make(String name, String algorithm, String... more) throws Exception {
    Path store = keys.resolve(name + ".p12");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "plane",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=DNS:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString()));
    command.addAll(List.of(more));
    Process keytool = new ProcessBuilder(command).inheritIO().start();
    assertTrue(keytool.waitFor(50, TimeUnit.SECONDS));
    assertEquals(0, keytool.exitValue());
    KeyStore loaded = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    pem(name + ".crt", "CERTIFICATE", loaded.getCertificate("plane").getEncoded());
    pem(
        name + ".key",
        "PRIVATE KEY",
        loaded.getKey("plane", "changeit".toCharArray()).getEncoded());
  }

  private static void pem(String file, String kind, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        keys.resolve(file),
        "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  private HostSettings.Tls files(String certificate, String key) throws IOException {
    Files.writeString(folder.resolve("crt"), Files.readString(keys.resolve(certificate + ".crt")));
    Files.writeString(folder.resolve("key"), Files.readString(keys.resolve(key + ".key")));
    return new HostSettings.Tls(folder.resolve("crt"), folder.resolve("key"));
  }

  private ManagementPlane start(HostSettings.Tls tls) throws PortTaken {
    return ManagementPlane.start(
        new HostSettings.Management(
            "127.0.0.1",
            0,
            false,
            HostSettings.Tokens.NONE,
            List.of(),
            16,
            Optional.empty(),
            Optional.of(tls)),
        host,
        ManagementTokens.one("t"));
  }

  @Test
  void requests_byTls_areAnswered_andPlainOnesAreNot() throws Exception {
    try (ManagementPlane plane = start(files("one", "one"))) {
      for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
        try (SSLSocket socket = connect(plane, protocol, "one")) {
          for (int i = 0; i < 3; i++) {
            String last = i == 2 ? "Connection: close\r\n" : "";
            write(socket, "GET /readyz HTTP/1.1\r\nHost: localhost\r\n" + last + "\r\n");
          }
          String answers = all(socket);
          assertEquals(3, answers.split("\r\n\r\nok\n", -1).length - 1, answers);
        }
      }
      try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), plane.port())) {
        plain.setSoTimeout(20_000);
        write(plain, STOP + "\r\n");
        assertTrue(!rest(plain).contains("HTTP/"));
      }
      assertEquals(List.of(), host.calls);
      try (SSLSocket socket = connect(plane, "TLSv1.3", "one")) {
        write(socket, STOP + "Origin: https://localhost\r\nConnection: close\r\n\r\n");
        assertTrue(all(socket).startsWith("HTTP/1.1 202 "));
      }
      assertEquals(List.of("stop POST /stop from 127.0.0.1"), host.calls);
    }
  }

  @Test
  void events_byTls_endInOrderWithThePlane() throws Exception {
    ManagementPlane plane = start(files("other", "other"));
    try (SSLSocket socket = connect(plane, "TLSv1.3", "other")) {
      write(socket, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
      StringBuilder read = new StringBuilder();
      while (read.indexOf("retry: 1000\n\n") < 0) {
        read.append((char) socket.getInputStream().read());
      }
      host.happen("STOPPING");
      plane.close();
      assertTrue(all(socket).contains("\"to\":\"STOPPING\""));
    } finally {
      plane.close();
    }
  }

  @Test
  void handshakes_thatDoNotEnd_keepNoProbeWaiting() throws Exception {
    List<Socket> half = new ArrayList<>();
    try (ManagementPlane plane = start(files("one", "one"))) {
      for (int i = 0; i < 100; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), plane.port());
        socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, -4, 3, 3});
        half.add(socket);
      }
      try (SSLSocket socket = connect(plane, "TLSv1.3", "one")) {
        write(socket, "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertTrue(all(socket).endsWith("ok\n"));
      }
    } finally {
      for (Socket socket : half) {
        socket.close();
      }
    }
  }

  @Test
  void files_thatChange_areTakenUp_andAPairThatDoesNotFitIsNot() throws Exception {
    try (PlaneTls tls = PlaneTls.of(files("one", "one"), 4)) {
      assertEquals("CN=one", tls.subject());
      HostSettings.Tls _ = files("other", "one");
      tls.lookAgain();
      assertEquals("CN=one", tls.subject());
      HostSettings.Tls _ = files("other", "other");
      tls.lookAgain();
      assertEquals("CN=other", tls.subject());
    }
  }

  @Test
  void files_thatCanNotBeUsed_areSaidWhy() throws Exception {
    HostSettings.Tls fits = files("one", "one");
    Path missing = folder.resolve("missing");
    Path wrong = Files.writeString(folder.resolve("wrong"), "hello");
    Path old =
        Files.writeString(
            folder.resolve("old"),
            "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
    assertTrue(why(new HostSettings.Tls(missing, fits.key())).contains("there is no such file"));
    assertTrue(why(new HostSettings.Tls(wrong, fits.key())).contains("no certificate in PEM"));
    assertTrue(why(new HostSettings.Tls(fits.certificate(), missing)).contains("no such file"));
    assertTrue(why(new HostSettings.Tls(fits.certificate(), wrong)).contains("no private key"));
    assertTrue(why(new HostSettings.Tls(fits.certificate(), old)).contains("openssl pkcs8 -topk8"));
    assertTrue(
        why(new HostSettings.Tls(fits.certificate(), keys.resolve("other.key")))
            .contains("is not that of the first certificate"));
    String refused =
        String.valueOf(
            assertThrows(
                    PortTaken.class, () -> start(new HostSettings.Tls(missing, fits.key())).close())
                .getMessage());
    assertTrue(refused.startsWith("The management plane can't speak TLS: "), refused);
  }

  private static String why(HostSettings.Tls files) {
    return String.valueOf(
        assertThrows(IOException.class, () -> PlaneTls.of(files, 4).close()).getMessage());
  }

  private static SSLSocket connect(ManagementPlane plane, String protocol, String trusted)
      throws Exception {
    KeyStore store =
        KeyStore.getInstance(keys.resolve(trusted + ".p12").toFile(), "changeit".toCharArray());
    Certificate certificate = store.getCertificate("plane");
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("plane", certificate);
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trust);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), plane.port());
    socket.setSoTimeout(20_000);
    socket.setEnabledProtocols(new String[] {protocol});
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static String all(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private static String rest(Socket socket) {
    StringBuilder read = new StringBuilder();
    try (InputStream in = socket.getInputStream()) {
      for (int next = in.read(); next >= 0; next = in.read()) {
        read.append((char) next);
      }
    } catch (IOException reset) {
      // it was closed, which is an answer too
    }
    return read.toString();
  }
}
