package io.rolehost.freeze.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.rolehost.freeze.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;

/** The role hosts that say under {@code <state-dir>/run} that they live, asked by local HTTP. */
public final class RunDirectory implements Fleet {

  private static final int PATIENCE_MILLIS = 1_000;
  private static final int MOST_BYTES = 4 * 1024 * 1024;
  private static final ConfigParseOptions JSON =
      ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);

  /** Creates one; it keeps nothing. */
  public RunDirectory() {}

  @Override
  public List<Sighting> look(Path stateDir) {
    List<Sighting> seen = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(stateDir.resolve("run"), "*.json")) {
      for (Path file : files) {
        sighting(stateDir, file).ifPresent(seen::add);
      }
    } catch (IOException e) {
      return List.of(); // no such folder: nothing ever ran there
    }
    seen.sort(Comparator.comparing(one -> one.who().instanceId()));
    return seen;
  }

  /**
   * Asks one instance, by TLS where its run file says so, and with the token beside that where
   * looking needs one.
   *
   * @param who as it is known from elsewhere
   * @param port of its management plane
   */
  public static Sighting ask(Path stateDir, Identity who, int port) {
    Path run = stateDir.resolve("run");
    boolean tls = speaksTls(run.resolve(who.instanceId() + ".json"));
    try {
      HttpURLConnection request = request(port, tls);
      if (request.getResponseCode() == HttpURLConnection.HTTP_UNAUTHORIZED) {
        request.disconnect();
        request = request(port, tls);
        String token = Files.readString(run.resolve(who.instanceId() + ".token")).strip();
        request.setRequestProperty("Authorization", "Bearer " + token);
      }
      try (InputStream in = request.getInputStream()) {
        return answer(who, port, parse(new String(in.readNBytes(MOST_BYTES), UTF_8)));
      } finally {
        request.disconnect();
      }
    } catch (AccessDeniedException e) {
      return new Sighting.Silent(
          who,
          "asks for a token on port " + port + ", and " + e.getFile() + " is not for this user");
    } catch (IOException | ConfigException e) {
      return new Sighting.Silent(who, "does not answer on port " + port + ": " + e.getMessage());
    }
  }

  private static HttpURLConnection request(int port, boolean tls) throws IOException {
    URI target = URI.create((tls ? "https" : "http") + "://127.0.0.1:" + port + "/status");
    HttpURLConnection request = (HttpURLConnection) target.toURL().openConnection();
    request.setConnectTimeout(PATIENCE_MILLIS);
    request.setReadTimeout(PATIENCE_MILLIS);
    if (request instanceof HttpsURLConnection secured) {
      LocalTls.trust(secured);
    }
    return request;
  }

  private static boolean speaksTls(Path about) {
    try {
      Config said = parse(Files.readString(about));
      return said.hasPath("tls") && said.getBoolean("tls");
    } catch (IOException | ConfigException e) {
      return false; // it just left, or writes none
    }
  }

  private static Sighting answer(Identity who, int port, Config status) {
    String instance = text(status, "instance");
    if (!instance.equals(who.instanceId())) {
      return new Sighting.Silent(who, "port " + port + " is that of '" + instance + "'");
    }
    List<String> ids = new ArrayList<>();
    if (status.hasPath("freeze.freezes")) {
      status.getConfigList("freeze.freezes").forEach(freeze -> ids.add(text(freeze, "id")));
    }
    return new Sighting.Answers(who, text(status, "state"), ids, remark(status));
  }

  private static String remark(Config status) {
    if (status.hasPath("freeze.waitsFor")) {
      return "waits for its turn: " + text(status, "freeze.waitsFor");
    }
    List<String> sources = new ArrayList<>();
    if (status.hasPath("freeze.sources")) {
      status.getConfigList("freeze.sources").forEach(source -> sources.add(text(source, "name")));
    }
    return sources.isEmpty() ? "" : "it reads " + String.join(", ", sources);
  }

  private static Optional<Sighting> sighting(Path stateDir, Path file) {
    try {
      Config said = parse(Files.readString(file));
      Identity who =
          new Identity(text(said, "deployment"), text(said, "role"), text(said, "instance"));
      if (who.instanceId().isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          lives(said) ? ask(stateDir, who, said.getInt("port")) : new Sighting.NoProcess(who));
    } catch (IOException | ConfigException e) {
      return Optional.empty(); // it just left, or is no file of a role host
    }
  }

  /** Whether the process is there and is not another one that got its number later. */
  private static boolean lives(Config said) {
    Optional<ProcessHandle> process = ProcessHandle.of(said.getLong("pid"));
    String started = text(said, "started");
    return process.isPresent()
        && process
            .get()
            .info()
            .startInstant()
            .map(at -> started.isEmpty() || started.equals(at.toString()))
            .orElse(true);
  }

  private static Config parse(String text) {
    return ConfigFactory.parseString(text, JSON);
  }

  private static String text(Config values, String path) {
    return values.hasPath(path) ? values.getString(path) : "";
  }
}
