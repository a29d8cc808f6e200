package io.rolehost.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rolehost version}. */
@Command(name = "version", description = "Shows the version of Rolehost and of Java.")
final class VersionCommand implements Callable<Integer> {

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Screen screen = new Screen();

  @Override
  public Integer call() {
    if (json) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("rolehost", RoleHostCommand.Version.text());
      values.put("java", Runtime.version().toString());
      screen.printJson(values);
    } else {
      screen.print(String.join("\n", new RoleHostCommand.Version().getVersion()));
    }
    return 0;
  }
}
