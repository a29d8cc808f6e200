package io.rolehost.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolehost man}. */
@Command(
    name = "man",
    description = {
      "Prints the page of the manual of the command or of a verb, or writes all of them into a"
          + " folder:",
      "  rolehost man jobs dead | man -l -",
      "  rolehost man --output ~/.local/share/man/man1; man rolehost-jobs-dead"
    })
final class ManCommand implements Callable<Integer> {

  @Parameters(
      arity = "0..*",
      paramLabel = "VERB",
      description = "The verb, such as up, or jobs dead. Default: the command itself.")
  private List<String> verb = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Write all pages into this folder, which is made if it is not there.")
  private @Nullable Path output;

  @Option(names = "--json", description = "Print JSON: what was written, or the page.")
  private boolean json;

  @Mixin private Screen screen = new Screen();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Map<String, String> pages =
        ManPage.all(spec.root().commandLine(), RoleHostCommand.Version.text());
    Path folder = output;
    return folder == null ? print(pages) : write(pages, folder.toAbsolutePath().normalize());
  }

  private int print(Map<String, String> pages) {
    List<String> names = new ArrayList<>(List.of("rolehost"));
    names.addAll(verb);
    String name = String.join("-", names);
    String page = pages.get(name);
    if (page == null) {
      throw new ParameterException(
          spec.commandLine(), "there is no verb '" + String.join(" ", verb) + "'");
    }
    if (json) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("name", name);
      values.put("page", page);
      screen.printJson(values);
    } else {
      screen.print(page.stripTrailing());
    }
    return 0;
  }

  private int write(Map<String, String> pages, Path folder) throws Exception {
    Files.createDirectories(folder);
    List<String> files = new ArrayList<>();
    for (Map.Entry<String, String> page : pages.entrySet()) {
      String file = page.getKey() + ".1";
      Files.writeString(folder.resolve(file), page.getValue());
      files.add(file);
    }
    if (json) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("folder", folder.toString());
      values.put("pages", files);
      screen.printJson(values);
    } else {
      screen.print(files.size() + " pages are in " + folder);
    }
    return 0;
  }
}
