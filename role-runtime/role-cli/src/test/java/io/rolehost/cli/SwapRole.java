package io.rolehost.cli;

import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import io.rolehost.api.TaskContext;
import io.rolehost.api.WebRole;
import io.rolehost.api.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/** Answers with its deployment's name, and takes work while that is in production. */
public final class SwapRole implements WebRole {
  private Path work = Path.of("");
  private String deployment = "";

  /** For the host. */
  public SwapRole() {}

  @Override
  public boolean onStart(RoleContext context) {
    work = Path.of(context.config().getString("test.work"));
    deployment = context.instance().deployment();
    context.endpoint("http").serve(_ -> HttpResponse.text(200, deployment));
    context.tasks().start(Task.named("work").body(task -> takeWork(context, task)));
    return true;
  }

  private void takeWork(RoleContext context, TaskContext task) throws Exception {
    Path own = work.resolve(deployment + "-" + context.instance().id());
    while (!task.stopToken().await(Duration.ofMillis(1))) {
      Optional<String> _ =
          context
              .side()
              .take(() -> {
                Files.createFile(own);
                try (var files = Files.list(work)) {
                  if (files.anyMatch(file -> isOfOther(file.getFileName().toString()))) {
                    Files.writeString(work.resolve("both"), own + "\n");
                  }
                } finally {
                  Files.delete(own);
                }
                Files.writeString(
                    work.resolve("taken." + deployment),
                    "x",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
                return Optional.of("photo");
              });
      task.idle();
    }
  }

  private boolean isOfOther(String name) {
    return name.contains("-web_IN_") && !name.startsWith(deployment + "-");
  }
}
