package io.rolehost.cli;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolehost new}. */
@Command(name = "new", description = "Writes a small role project to start from, into ./NAME.")
final class NewCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "NAME", description = "For instance photo-worker.")
  private String name = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Screen screen = new Screen();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    NewProject project;
    try {
      project = new NewProject(name, RoleHostCommand.Version.text());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    Path folder = Path.of("").toAbsolutePath().resolve(name);
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new ParameterException(
          spec.commandLine(),
          folder + " is there already and is left as it is: choose another name or folder");
    }
    project.write(folder);
    if (json) {
      screen.printJson(Map.of("folder", folder.toString()));
      return 0;
    }
    screen.print("Made " + folder + ". Next:");
    screen.print("  cd " + name);
    screen.print("  mvn package");
    screen.print("  java -jar target/" + name + ".jar");
    return 0;
  }
}
