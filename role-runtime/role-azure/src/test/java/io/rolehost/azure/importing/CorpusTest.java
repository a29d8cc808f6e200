package io.rolehost.azure.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.azure.importing.ImportReport.Item;
import io.rolehost.azure.importing.ImportReport.Notice;
import io.rolehost.node.solution.Solution;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every service of the corpus, taken whole. */
final class CorpusTest {
  private static final Surroundings SURROUNDINGS =
      new Surroundings(Map.of(), Map.of(), Path.of("").toAbsolutePath(), false, 1);

  @TempDir Path folder;

  static List<String> services() {
    return List.copyOf(Corpus.services().keySet());
  }

  @Test
  void corpus_asAWhole_hasFortyDefinitionsAndMore() {
    assertTrue(services().size() >= 40, services().size() + " services");
  }

  @ParameterizedTest
  @MethodSource("services")
  void service_imported_hasEachElementAndAttributeInOneList(String service) throws Exception {
    List<Path> files = Corpus.files(service);
    ImportPlan plan = Corpus.plan(service);

    assertEquals(List.of(), plan.report().problems());
    assertFound(files, plan.report());
    assertEquals(
        plan.report().items().size(),
        plan.report().mapped().size()
            + plan.report().different().size()
            + plan.report().notMapped().size());
  }

  /** Each node is in the report once, by path, and its line is not behind the end of its tag. */
  static void assertFound(List<Path> files, ImportReport report) throws Exception {
    for (Path file : files) {
      List<Nodes.Node> nodes = Nodes.of(Files.readAllBytes(file));
      List<Item> items =
          report.items().stream()
              .filter(item -> item.place().file().equals(file.getFileName().toString()))
              .filter(item -> !item.path().endsWith("text()"))
              .toList();
      assertEquals(counts(nodes.stream().map(Nodes.Node::path).toList()), counts(paths(items)));
      Map<String, List<Integer>> ends = new HashMap<>();
      nodes.forEach(
          node -> ends.computeIfAbsent(node.path(), _ -> new ArrayList<>()).add(node.tagEnds()));
      for (Item item : items) {
        // In the order of the file: the first of a path is the first of that path.
        int end = ends.getOrDefault(item.path(), List.of()).removeFirst();
        int line = item.place().line();
        assertTrue(line <= end && line >= end - 8, item + " ends at " + end);
      }
    }
  }

  private static List<String> paths(List<Item> items) {
    return items.stream().map(Item::path).toList();
  }

  private static Map<String, Integer> counts(List<String> paths) {
    Map<String, Integer> counts = new TreeMap<>();
    paths.forEach(path -> counts.merge(path, 1, Integer::sum));
    return counts;
  }

  @ParameterizedTest
  @MethodSource("services")
  void service_written_isTakenByTheNode(String service) throws Exception {
    ImportPlan plan = Corpus.plan(service);
    List<ImportFolder.Done> _ = ImportFolder.write(plan, folder, false);
    for (String role : plan.folders()) {
      Path _ = Files.writeString(folder.resolve(role).resolve(role + ".jar"), "a jar");
    }

    for (ImportReport.Input input : plan.report().inputs()) {
      if (!input.solution().isEmpty()) {
        Solution solution = SolutionReader.read(folder.resolve(input.solution()), SURROUNDINGS);
        assertEquals(
            Set.copyOf(plan.folders()),
            new HashSet<>(solution.roles().stream().map(role -> role.name()).toList()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("services")
  void service_importedTwice_changesNothing(String service) throws Exception {
    List<ImportFolder.Done> _ = ImportFolder.write(Corpus.plan(service), folder, false);
    Map<String, String> before = content();

    List<ImportFolder.Done> again = ImportFolder.write(Corpus.plan(service), folder, false);

    assertEquals(before, content());
    assertTrue(
        again.stream()
            .allMatch(done ->
                done.action() == ImportFolder.Action.UNCHANGED
                    || done.action() == ImportFolder.Action.YOURS),
        again::toString);
  }

  private Map<String, String> content() throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.toList()) {
        content.put(
            folder.relativize(path).toString(),
            Files.isDirectory(path)
                ? "folder"
                : PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                    + Files.getLastModifiedTime(path)
                    + Files.readString(path));
      }
    }
    return content;
  }

  @ParameterizedTest
  @MethodSource("services")
  void service_written_hasItsSecretsWhereTheOwnerAloneReads(String service) throws Exception {
    ImportPlan plan = Corpus.plan(service);
    List<ImportFolder.Done> _ = ImportFolder.write(plan, folder, false);

    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file);
        boolean secret = text.contains("AccountKey=") || text.contains("hunter2");
        boolean named = file.getFileName().toString().endsWith(".secrets.conf");
        assertTrue(named || !secret, file + " has a secret");
        if (named) {
          assertEquals(
              "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
      }
    }
  }

  /**
   * The rows of both tables of a service's elements and attributes, and those of probes and tasks.
   */
  private static final List<String> ROWS =
      """
      ServiceDefinition/@name ServiceDefinition/@upgradeDomainCount
      ServiceDefinition/@topologyChangeDiscovery ServiceDefinition/@schemaVersion
      LoadBalancerProbes/LoadBalancerProbe LoadBalancerProbe/@name LoadBalancerProbe/@protocol
      LoadBalancerProbe/@path LoadBalancerProbe/@port LoadBalancerProbe/@intervalInSeconds
      LoadBalancerProbe/@timeoutInSeconds
      ServiceDefinition/WebRole ServiceDefinition/WorkerRole WorkerRole/@name WebRole/@name
      WorkerRole/@vmsize WorkerRole/@enableNativeCodeExecution
      WorkerRole/ConfigurationSettings/Setting/@name
      LocalStorage/@name LocalStorage/@sizeInMB LocalStorage/@cleanOnRoleRecycle
      InputEndpoint/@name InputEndpoint/@protocol InputEndpoint/@port InputEndpoint/@localPort
      InputEndpoint/@certificate InputEndpoint/@loadBalancerProbe
      InputEndpoint/@ignoreRoleInstanceStatus
      InternalEndpoint/@name InternalEndpoint/@protocol InternalEndpoint/@port
      InternalEndpoint/FixedPort/@port InternalEndpoint/FixedPortRange/@min
      InternalEndpoint/FixedPortRange/@max
      InstanceInputEndpoint/@name InstanceInputEndpoint/@localPort InstanceInputEndpoint/@protocol
      InstanceInputEndpoint/AllocatePublicPortFrom/FixedPortRange/@min
      InstanceInputEndpoint/AllocatePublicPortFrom/FixedPortRange/@max
      Certificate/@name Certificate/@storeLocation Certificate/@storeName
      Certificate/@permissionLevel
      Imports/Import/@moduleName Runtime/@executionContext
      Runtime/Environment/Variable/@name Runtime/Environment/Variable/@value
      Variable/RoleInstanceValue/@xpath
      NetFxEntryPoint/@assemblyName NetFxEntryPoint/@targetFrameworkVersion
      ProgramEntryPoint/@commandLine ProgramEntryPoint/@setReadyOnProcessStart
      Startup/@priority Task/@commandLine Task/@executionContext Task/@taskType
      Task/Environment/Variable/@name Task/Environment/Variable/@value
      Contents/Content/@destination Content/SourceDirectory/@path
      Sites/Site/@name Site/@physicalDirectory Site/VirtualApplication/@name
      VirtualApplication/@physicalDirectory Site/VirtualDirectory/@name
      Bindings/Binding/@name Binding/@endpointName Binding/@hostHeader
      NetworkTrafficRules/OnlyAllowTrafficTo Destinations/RoleEndpoint/@endpointName
      RoleEndpoint/@roleName WhenSource/@matches WhenSource/FromRole/@roleName
      NetworkTrafficRules/AllowAllTraffic
      ServiceConfiguration/@serviceName ServiceConfiguration/@osFamily
      ServiceConfiguration/@osVersion ServiceConfiguration/@schemaVersion
      ServiceConfiguration/Role/@name Role/@vmName Role/Instances/@count
      Role/ConfigurationSettings/Setting/@name Role/ConfigurationSettings/Setting/@value
      Role/Certificates/Certificate/@thumbprint Certificate/@thumbprintAlgorithm
      ServiceConfiguration/NetworkConfiguration
      """
          .lines()
          .flatMap(line -> Stream.of(line.strip().split(" ", -1)))
          .toList();

  @Test
  void rows_ofTheTables_areEachInTheCorpusAndKnown() throws Exception {
    Set<String> missing = new HashSet<>(ROWS);
    List<String> unknown = new ArrayList<>();
    for (String service : services()) {
      for (Item item : Corpus.plan(service).report().items()) {
        for (String row : ROWS) {
          if (item.path().endsWith("/" + row)) {
            missing.remove(row);
            if (item.outcome() instanceof Outcome.NotMapped(String instead)
                && instead.contains("is not known here: if")) {
              unknown.add(service + ": " + item);
            }
          }
        }
      }
    }
    assertEquals(Set.of(), missing);
    assertEquals(List.of(), unknown);
  }

  @Test
  void rows_ofTheTables_areEachInTheDocumentation() throws Exception {
    List<String> page =
        Files.readAllLines(Path.of("../../docs/azure-import.md")).stream()
            .filter(line -> line.startsWith("|"))
            .toList();

    List<String> missing =
        ROWS.stream()
            .filter(row -> {
              String last = row.substring(row.lastIndexOf('/') + 1);
              String before = row.substring(0, Math.max(0, row.lastIndexOf('/')));
              String element = last.startsWith("@") ? before.replaceFirst(".*/", "") : last;
              String attribute = last.startsWith("@") ? "`" + last.substring(1) + "`" : "";
              return page.stream()
                  .noneMatch(
                      line -> line.contains("`" + element + "`") && line.contains(attribute));
            })
            .toList();

    assertEquals(List.of(), missing);
  }

  @ParameterizedTest
  @MethodSource("services")
  void service_withAnUnknownElement_saysSoInTheReport(String service) throws Exception {
    ImportReport report = Corpus.plan(service).report();

    List<Item> unknown =
        report.notMapped().stream()
            .filter(item ->
                ((Outcome.NotMapped) item.outcome()).instead().contains("is not known here: if"))
            .toList();

    assertEquals(service.contains("unknown-things"), !unknown.isEmpty(), unknown::toString);
  }

  @Test
  void notice_ofAnUndeclaredSetting_hasFileAndLine() throws Exception {
    assertEquals(
        List.of(
            "18-undeclared-setting.cscfg:5:28: the setting 'Ghost' is not declared; left out",
            "18-undeclared-setting.csdef:3:3: role 'Worker' needs a jar: put it at"
                + " Worker/Worker.jar, or name it by --jar Worker=PATH"),
        Corpus.plan("18-undeclared-setting").report().notices().stream()
            .map(Notice::toString)
            .toList());
  }
}
