package io.rolehost.runtime.management;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.rolehost.runtime.config.HostSettings;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificate and key of the plane, by the JDK's own TLS. The files are looked at again when
 * somebody connects, at most every ten seconds; what is not whole is left alone, and the old
 * certificate goes on. The arithmetic of a handshake is done on threads of its own, since it would
 * keep the plane's thread from its probes.
 */
final class PlaneTls implements AutoCloseable {

  private static final Logger LOG = System.getLogger(PlaneTls.class.getName());
  private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(10).toNanos();
  private static final Pattern PEM_KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]*)-----END");

  private final HostSettings.Tls files;
  private final ThreadPoolExecutor threads;
  private volatile Pair pair;
  private volatile String seen;
  // Of the plane's thread.
  private long lookAt;
  private boolean looked;

  /** What is in use, and whose certificate it is. */
  private record Pair(SslContext context, String subject) {}

  private PlaneTls(HostSettings.Tls files, int connections, String seen, Pair pair) {
    this.files = files;
    this.seen = seen;
    this.pair = pair;
    threads =
        new ThreadPoolExecutor(
            2,
            2,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(connections + 1),
            work -> {
              Thread thread = new Thread(work, "rolehost-management-tls");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Reads the files.
   *
   * @param connections how many handshakes there may be at a time
   * @throws IOException with a sentence for an operator, if they can't be used
   */
  static PlaneTls of(HostSettings.Tls files, int connections) throws IOException {
    String state = state(files);
    SecretFile.openToOthers(files.key()).ifPresent(wrong -> LOG.log(Level.WARNING, wrong));
    return new PlaneTls(files, connections, state, read(files));
  }

  /** Returns what encrypts one connection. On the plane's thread. */
  SslHandler handler(ByteBufAllocator allocator, long nanos) {
    if (!looked || nanos - lookAt >= 0) {
      looked = true;
      lookAt = nanos + LOOK_AGAIN_NANOS;
      try {
        threads.execute(this::lookAgain);
      } catch (RejectedExecutionException _) {
        // Handshakes take all of it; the next one but ten seconds looks.
      }
    }
    return pair.context().newHandler(allocator, threads);
  }

  /** Takes other files into use, if there are any. */
  void lookAgain() {
    String now = state(files);
    if (now.equals(seen)) {
      return;
    }
    try {
      Pair read = read(files);
      pair = read;
      LOG.log(Level.INFO, "The management plane has a new certificate: " + read.subject());
    } catch (IOException e) {
      LOG.log(Level.WARNING, e.getMessage() + ". The certificate before it goes on.");
    }
    seen = now;
  }

  private static String state(HostSettings.Tls files) {
    return state(files.certificate()) + " " + state(files.key());
  }

  private static String state(Path file) {
    try {
      return Files.getLastModifiedTime(file) + ", " + Files.size(file);
    } catch (IOException e) {
      return "unreadable";
    }
  }

  /** Returns whose certificate is in use. */
  String subject() {
    return pair.subject();
  }

  private static Pair read(HostSettings.Tls files) throws IOException {
    List<X509Certificate> chain = certificates(files.certificate());
    PrivateKey key = key(files.key());
    if (!belongs(key, chain.getFirst())) {
      throw new IOException(
          "The key in "
              + files.key()
              + " is not that of the first certificate in "
              + files.certificate());
    }
    SslContext context =
        SslContextBuilder.forServer(key, chain.toArray(new X509Certificate[0]))
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .build();
    return new Pair(context, chain.getFirst().getSubjectX500Principal().getName());
  }

  private static List<X509Certificate> certificates(Path file) throws IOException {
    String named = "rolehost.management.tls.certificate names " + file + ", ";
    List<X509Certificate> chain = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
          .map(X509Certificate.class::cast)
          .forEach(chain::add);
    } catch (NoSuchFileException e) {
      throw new IOException(named + "and there is no such file", e);
    } catch (IOException e) {
      throw new IOException(named + "which can't be read: " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new IOException(named + "which has no certificate in PEM: " + e.getMessage(), e);
    }
    if (chain.isEmpty()) {
      throw new IOException(named + "which has no certificate in PEM");
    }
    return chain;
  }

  private static PrivateKey key(Path file) throws IOException {
    String named = "rolehost.management.tls.key names " + file + ", ";
    Matcher found;
    try {
      found = PEM_KEY.matcher(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new IOException(named + "and there is no such file", e);
    } catch (IOException e) {
      throw new IOException(named + "which can't be read: " + e.getMessage(), e);
    }
    if (!found.find()) {
      throw new IOException(named + "which has no private key in PEM");
    }
    if (!found.group(1).isEmpty()) {
      throw new IOException(
          named
              + "which is not a plain key in PKCS#8: make one by  openssl pkcs8 -topk8 -nocrypt -in"
              + " "
              + file
              + " -out NEW");
    }
    byte[] encoded;
    try {
      encoded = Base64.getMimeDecoder().decode(found.group(2));
    } catch (IllegalArgumentException e) {
      throw new IOException(named + "whose text is not that of a key", e);
    }
    for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (GeneralSecurityException _) {
        // It is of another kind.
      }
    }
    throw new IOException(named + "which is neither an RSA, an EC nor an Ed25519 key");
  }

  private static boolean belongs(PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      byte[] text = {1, 2, 3};
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certificate);
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
