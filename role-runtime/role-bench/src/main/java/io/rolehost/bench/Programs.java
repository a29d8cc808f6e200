package io.rolehost.bench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The programs that are measured, each started the way its own documentation or launcher does. */
final class Programs {

  /** What {@code bin/rolehost up} gives the JVM of a role; see {@code role-node}. */
  private static final List<String> LAUNCHER_FLAGS =
      List.of(
          "-XX:CompileThresholdScaling=3",
          "-Dsun.misc.unsafe.memory.access=allow",
          "-Dio.netty.noUnsafe=false");

  /** What {@code bin/aot} gives a training run. */
  private static final List<String> TRAINING_FLAGS =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining");

  private final Path root;
  private final Path work;
  private final String java;

  /**
   * @param root of the checkout
   * @param work where logs, state and caches go
   */
  Programs(Path root, Path work) {
    this.root = root;
    this.work = work;
    this.java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The sample web role, with its cache or without. */
  Program photoWeb(boolean cached) throws IOException, InterruptedException {
    Path jar = root.resolve("sample-roles/photo-web/target/photo-web.jar");
    Path state = work.resolve("state");
    var plain =
        new Program(
            "photo-web",
            port -> words(LAUNCHER_FLAGS, List.of("-jar", jar.toString())),
            port ->
                Map.of(
                    "ROLEHOST_PROFILE",
                    "azure",
                    "ROLEHOST_MANAGEMENT_PORT",
                    Integer.toString(port),
                    "ROLEHOST_ENDPOINTS_HTTP_PORT",
                    "0",
                    "ROLEHOST_STATE_DIR",
                    state.resolve(Integer.toString(port)).toString()),
            "/readyz",
            work);
    return cached ? cached(plain, jar, TRAINING_FLAGS) : plain;
  }

  Program springBoot() throws IOException, InterruptedException {
    Path fat = root.resolve("role-runtime/role-bench/peers/spring-boot/target/peer.jar");
    Path extracted = work.resolve("spring-boot-" + hash(fat));
    if (!Files.isDirectory(extracted)) {
      run(
          words(
              List.of("-Djarmode=tools"),
              List.of("-jar", fat.toString(), "extract", "--destination", extracted.toString())));
    }
    Path jar = extracted.resolve("peer.jar");
    return cached(
        new Program(
            "Spring Boot 4",
            port -> words(List.of(), List.of("-jar", jar.toString(), "--server.port=" + port)),
            port -> Map.of(),
            "/actuator/health/readiness",
            work),
        jar,
        List.of());
  }

  Program quarkus() throws IOException, InterruptedException {
    Path jar =
        root.resolve("role-runtime/role-bench/peers/quarkus/target/quarkus-app/quarkus-run.jar");
    return cached(
        new Program(
            "Quarkus JVM",
            port -> words(List.of("-Dquarkus.http.port=" + port), List.of("-jar", jar.toString())),
            port -> Map.of(),
            "/q/health/ready",
            work),
        jar,
        List.of());
  }

  /** Returns the words that start a class of ours, with everything this module is built on. */
  List<String> main(String type) {
    return words(List.of(), List.of("-cp", System.getProperty("java.class.path"), type));
  }

  String java() {
    return java;
  }

  /** Without a flag and without a cache. */
  Program jdkHello() {
    return peer("JDK HttpServer", "JdkHello", entries("role-bench"));
  }

  Program nettyHello() {
    return peer("Netty hello", "NettyHello", entries("role-bench", "netty-"));
  }

  /** What of the class path a peer needs: it must not pay for ours. */
  private static String entries(String... names) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> Stream.of(names).anyMatch(entry::contains))
        .map(entry -> Path.of(entry).toAbsolutePath().toString()) // they run in another folder
        .collect(Collectors.joining(File.pathSeparator));
  }

  private Program peer(String name, String main, String classPath) {
    return new Program(
        name,
        port ->
            words(
                List.of(),
                List.of(
                    "-cp", classPath, "io.rolehost.bench.peer." + main, Integer.toString(port))),
        port -> Map.of(),
        "/",
        work);
  }

  /** Adds a cache, which a training run makes if there is none for these very bytes. */
  private Program cached(Program plain, Path jar, List<String> training)
      throws IOException, InterruptedException {
    String stem = plain.name().toLowerCase(Locale.ROOT).replace(' ', '-');
    String how = training.isEmpty() ? "" : "-" + Integer.toHexString(training.hashCode());
    Path cache = work.resolve(stem + "-" + hash(jar) + how + ".aot");
    if (!Files.exists(cache)) {
      System.out.println("training " + plain.name());
      try (Running run =
          Running.start(
              with(with(plain, training), List.of("-XX:AOTCacheOutput=" + cache)),
              work.resolve(stem + "-training.log"))) {
        run.awaitReady();
        run.terminate();
        run.awaitEnd();
      }
      if (!Files.exists(cache)) {
        throw new IOException("no cache came of training " + plain.name());
      }
    }
    return with(plain, List.of("-XX:AOTCache=" + cache));
  }

  private static Program with(Program program, List<String> flags) {
    return new Program(
        program.name(),
        port -> {
          var words = new ArrayList<>(program.command().apply(port));
          words.addAll(1, flags);
          return words;
        },
        program.environment(),
        program.readyPath(),
        program.directory());
  }

  private List<String> words(List<String> flags, List<String> rest) {
    return Stream.of(List.of(java), flags, rest).flatMap(List::stream).toList();
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("prepare.log").toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException(command + " ended with " + code);
    }
  }

  private static String hash(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(in.readAllBytes());
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " is missing: bin/bench builds it", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
