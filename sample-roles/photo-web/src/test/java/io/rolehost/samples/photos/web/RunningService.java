package io.rolehost.samples.photos.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The photo service as processes, whichever way they are started. */
interface RunningService extends AutoCloseable {

  /** Ends one of its processes by SIGKILL after a random while, and has it started again. */
  void killOne(Random random) throws Exception;

  /** Ends all in order, and returns their exit codes. */
  List<Integer> stop() throws Exception;

  @Override
  void close();

  /** The two jars, started by hand in one folder: the broker is inside one of them. */
  final class ByHand implements RunningService {
    private static final Path WEB = Path.of("target/photo-web.jar");
    private static final Path WORKER = Path.of("../photo-worker/target/photo-worker.jar");

    private final Path home;
    private final String[] webSettings;
    HostProcess web;
    HostProcess worker;

    ByHand(Path home, int port, String... settings) throws IOException {
      this.home = home;
      this.webSettings =
          Stream.concat(Stream.of("rolehost.endpoints.http.port=" + port), Stream.of(settings))
              .toArray(String[]::new);
      this.web = startWeb();
      this.worker = startWorker();
    }

    private HostProcess startWeb() throws IOException {
      return HostProcess.start(WEB, home, "photo-web", webSettings);
    }

    HostProcess startWorker() throws IOException {
      return HostProcess.start(WORKER, home, "photo-worker");
    }

    @Override
    public void killOne(Random random) throws Exception {
      if (random.nextBoolean()) {
        web.killAfter(random.nextInt(1000));
        web = startWeb();
      } else {
        worker.killAfter(random.nextInt(2500));
        worker = startWorker();
      }
    }

    @Override
    public List<Integer> stop() throws Exception {
      return List.of(web.stop(), worker.stop());
    }

    @Override
    public void close() {
      web.close();
      worker.close();
    }
  }

  /** {@code rolehost up} with a broker role beside the two. */
  final class UnderANode implements RunningService {
    private static final Path ROLEHOST = Path.of("../../role-runtime/role-cli/target/rolehost.jar");
    private static final Path BROKER =
        Path.of("../../role-runtime/role-jobs/artemis/target/rolehost-broker.jar");

    private final HostProcess node;

    UnderANode(Path home, int port) throws IOException {
      String solution =
          "rolehost { profile = dev, management.port = 0, freeze.auto.enabled = false }\nroles {\n"
              + role("broker", BROKER, "-Drolehost.jobs.directory=.rolehost/photos/jobs", "[]")
              + role("photo-web", ByHand.WEB, "-Drolehost.endpoints.http.port=" + port, "[broker]")
              + role("photo-worker", ByHand.WORKER, "-Dphotos.thumbnails.tasks=2", "[broker]")
              + "}\n";
      Path _ = Files.writeString(home.resolve("solution.conf"), solution);
      node = HostProcess.startNode(ROLEHOST, home);
    }

    private static String role(String name, Path jar, String option, String after) {
      return """
        %s {
          jar = "%s"
          jvm-options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "%s"]
          depends-on = %s
          back-off { initial = 100 ms, factor = 1, cap = 100 ms }
        }
      """
          .formatted(name, jar.toAbsolutePath().normalize(), option, after);
    }

    @Override
    public void killOne(Random random) throws Exception {
      String role = List.of("broker", "photo-web", "photo-worker").get(random.nextInt(3));
      node.killChildAfter(role + "_IN_0", random.nextInt(2500));
    }

    @Override
    public List<Integer> stop() throws Exception {
      return List.of(node.stop());
    }

    @Override
    public void close() {
      node.close();
    }
  }
}
