package io.rolehost.cli;

import io.rolehost.api.RoleContext;
import io.rolehost.api.WebRole;
import io.rolehost.api.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * What the booted systemd runs: it ends with the code that somebody writes into the file {@code do}
 * of its state directory. As a job it writes a line and is done.
 */
public final class BootedRole implements WebRole {

  /** For the host. */
  public BootedRole() {}

  @Override
  public void onApplicationStart(RoleContext context) {
    if (context.config().hasPath("rolehost.endpoints.http")) {
      context.endpoint("http").serve(request -> HttpResponse.text(200, "hello"));
    }
  }

  @Override
  public void run(RoleContext context) throws Exception {
    Path stateDir = Path.of(System.getenv().getOrDefault("STATE_DIRECTORY", ".rolehost"));
    if (context.config().getString("rolehost.run.on-return").equals("stop")) {
      Files.writeString(
          stateDir.resolve("runs"), "done\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      return;
    }
    Path order = stateDir.resolve("do");
    while (!context.stopToken().await(Duration.ofMillis(100))) {
      if (Files.exists(order)) {
        int code = Integer.parseInt(Files.readString(order).strip());
        Files.delete(order);
        System.exit(code);
      }
    }
  }
}
