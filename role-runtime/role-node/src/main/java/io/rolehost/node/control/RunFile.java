package io.rolehost.node.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a live process tells others about itself under {@code run/}.
 *
 * @param pid its process id
 * @param port of its management plane
 * @param tokenFile where the token is that its plane may ask for
 */
public record RunFile(long pid, int port, Path tokenFile) {

  /** Reads the files of an instance; empty if they are not there, or not whole yet. */
  public static Optional<RunFile> read(Path stateDir, String instanceId) {
    Path run = stateDir.resolve("run");
    try {
      long pid = Long.parseLong(Files.readString(run.resolve(instanceId + ".pid")).strip());
      int port = Integer.parseInt(Files.readString(run.resolve(instanceId + ".port")).strip());
      return Optional.of(new RunFile(pid, port, run.resolve(instanceId + ".token")));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Speaks to its plane, also where reading needs a token that this user may see. */
  public LocalHttp plane(Duration patience) {
    LocalHttp plain = LocalHttp.to(port, patience).withTokenOf(tokenFile);
    return speaksTls() ? plain.byTls() : plain;
  }

  private boolean speaksTls() {
    String name = String.valueOf(tokenFile.getFileName());
    Path about = tokenFile.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".json");
    try {
      return Boolean.TRUE.equals(Json.read(Files.readString(about)).get("tls"));
    } catch (IOException e) {
      return false;
    }
  }
}
