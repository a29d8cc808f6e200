package io.rolehost.cli;

import io.rolehost.azure.importing.AzureImport;
import io.rolehost.azure.importing.ImportFolder;
import io.rolehost.azure.importing.ImportFolder.Done;
import io.rolehost.azure.importing.ImportPlan;
import io.rolehost.azure.importing.ImportReport;
import io.rolehost.azure.xml.UnreadableXml;
import io.rolehost.azure.xml.XmlDocument;
import io.rolehost.azure.xml.XmlReader;
import io.rolehost.node.solution.SolutionProblems;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code rolehost import azure}. */
@Command(
    name = "azure",
    description = {
      "Writes a solution from the service definition (.csdef) and the service configurations"
          + " (.cscfg) of an Azure Cloud Service, and a report that has each of their elements and"
          + " attributes in one of three lists: mapped, mapped with a difference, not mapped.",
      "Each configuration is an environment: the first one's solution is solution.conf, that of"
          + " ServiceConfiguration.Local.cscfg is solution.Local.conf.",
      "May be done again: what somebody edited is left alone. Exit 78, and nothing written, where"
          + " the files are wrong."
    })
final class ImportAzureCommand implements Callable<Integer> {

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "One .csdef and its .cscfg files, in any order.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Where the solution is written. Default: this folder.")
  private Path output = Path.of("");

  @Option(
      names = "--jar",
      paramLabel = "ROLE=PATH",
      description =
          "The jar of a role whose program was of .NET, or what runs in place of its program.")
  private Map<String, Path> jars = new LinkedHashMap<>();

  @Option(names = "--dry-run", description = "Say what would be written, and write nothing.")
  private boolean dryRun;

  @ParentCommand private ImportCommand parent = new ImportCommand();

  @Mixin private Screen screen = new Screen();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    List<XmlDocument> documents = read();
    ImportPlan plan = AzureImport.plan(documents, jarsFromOutput());
    ImportReport report = plan.report();
    if (!report.problems().isEmpty()) {
      if (parent.json()) {
        screen.printJson(report.toMap());
        return Failures.CONFIGURATION;
      }
      throw refused(report.problems().stream().map(Object::toString).toList());
    }
    List<Done> done = ImportFolder.write(plan, output, dryRun);
    List<String> open = dryRun ? List.of() : open(report);
    if (parent.json()) {
      Map<String, Object> values = new LinkedHashMap<>(report.toMap());
      values.put("dryRun", dryRun);
      values.put(
          "files",
          done.stream()
              .map(one -> Map.of("file", one.name(), "action", word(one.action())))
              .toList());
      values.put("toDo", open);
      screen.printJson(values);
    } else {
      print(report, done, open);
    }
    return 0;
  }

  private List<XmlDocument> read() throws IOException, Refused {
    List<XmlDocument> documents = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new ParameterException(spec.commandLine(), "There is no file " + file);
      }
      try (InputStream in = Files.newInputStream(file)) {
        // One byte more than is read shows that there is more.
        byte[] bytes = in.readNBytes(XmlReader.MOST_BYTES + 1);
        documents.add(XmlReader.read(file.toString(), bytes));
      } catch (UnreadableXml e) {
        problems.add(e.sentence());
      }
    }
    if (!problems.isEmpty()) {
      throw refused(problems);
    }
    return documents;
  }

  private static Refused refused(List<String> problems) {
    return new Refused(
        Failures.CONFIGURATION,
        "The service can't be imported, and nothing was written:\n  - "
            + String.join("\n  - ", problems));
  }

  /** A path in a solution starts at the folder of the solution. */
  private Map<String, String> jarsFromOutput() {
    Path folder = output.toAbsolutePath().normalize();
    Map<String, String> paths = new LinkedHashMap<>();
    jars.forEach((role, jar) ->
        paths.put(
            role,
            jar.isAbsolute()
                ? jar.normalize().toString()
                : folder.relativize(jar.toAbsolutePath().normalize()).toString()));
    return paths;
  }

  /** Returns what the node would still refuse, such as a jar that is not built yet. */
  private List<String> open(ImportReport report) {
    List<String> open = new ArrayList<>();
    Surroundings surroundings = Surroundings.ofThisProcess();
    for (ImportReport.Input input : report.inputs()) {
      if (!input.solution().isEmpty()) {
        try {
          var _ = SolutionReader.read(output.resolve(input.solution()), surroundings);
        } catch (SolutionProblems e) {
          e.problems().stream().filter(problem -> !open.contains(problem)).forEach(open::add);
        }
      }
    }
    return open;
  }

  private void print(ImportReport report, List<Done> done, List<String> open) {
    for (Done one : done) {
      Path path = output.resolve(one.name());
      screen.print(
          switch (one.action()) {
            case WRITTEN -> (dryRun ? "would write " : "wrote ") + path;
            case UNCHANGED -> "unchanged " + path;
            case KEPT -> "kept " + path + ", which somebody edited";
            case KEPT_BESIDE_NEW ->
                "kept "
                    + path
                    + ", which somebody edited: what the import says now is in "
                    + path.getFileName()
                    + ".new; move the edit to solution.conf and put that in its place";
            case YOURS -> "left " + path + ", which is yours";
            case FOREIGN ->
                "left "
                    + path
                    + ", which does not include what was imported: add the line  include"
                    + " required(\"azure.….conf\")";
          });
    }
    report.notices().forEach(notice -> screen.print("! " + notice));
    screen.print(
        report.mapped().size()
            + " mapped, "
            + report.different().size()
            + " mapped with a difference, "
            + report.notMapped().size()
            + " not mapped: see "
            + output.resolve("import-report.md"));
    open.forEach(problem -> screen.print("to do: " + problem));
    if (open.isEmpty() && !dryRun) {
      screen.print("next:  rolehost up " + output.resolve("solution.conf"));
    }
  }

  private static String word(ImportFolder.Action action) {
    return action.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
