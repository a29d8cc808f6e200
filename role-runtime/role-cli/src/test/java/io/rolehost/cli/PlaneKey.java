package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key and a certificate of {@code localhost}, for planes that speak TLS.
 *
 * @param trusting believes that certificate alone
 */
record PlaneKey(SSLContext trusting) {

  /** Makes both in a folder. */
  static PlaneKey make(Path folder) throws Exception {
    Path store = folder.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "plane",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=plane",
                "-ext",
                "SAN=DNS:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    assertTrue(keytool.waitFor(50, TimeUnit.SECONDS));
    char[] password = "changeit".toCharArray();
    KeyStore loaded = KeyStore.getInstance(store.toFile(), password);
    pem(certificate(folder), "CERTIFICATE", loaded.getCertificate("plane").getEncoded());
    pem(key(folder), "PRIVATE KEY", loaded.getKey("plane", password).getEncoded());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("plane", loaded.getCertificate("plane"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    return new PlaneKey(tls);
  }

  static Path certificate(Path folder) {
    return folder.resolve("crt");
  }

  static Path key(Path folder) {
    return folder.resolve("key");
  }

  private static void pem(Path file, String kind, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }
}
