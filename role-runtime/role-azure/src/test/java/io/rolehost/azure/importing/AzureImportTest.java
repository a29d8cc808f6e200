package io.rolehost.azure.importing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.azure.importing.ImportPlan.PlannedFile;
import io.rolehost.azure.importing.ImportReport.Notice;
import io.rolehost.azure.xml.UnreadableXml;
import io.rolehost.azure.xml.XmlDocument;
import io.rolehost.azure.xml.XmlReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What some services become, word by word. */
final class AzureImportTest {

  private static String file(ImportPlan plan, String name) {
    return plan.files().stream()
        .filter(file -> file.name().equals(name))
        .map(PlannedFile::text)
        .findFirst()
        .orElseThrow();
  }

  private static String corpus(String service, String file) throws IOException, UnreadableXml {
    return file(Corpus.plan(service), file);
  }

  private static List<String> problems(Map<String, String> jars, String... files)
      throws UnreadableXml {
    List<XmlDocument> documents = new ArrayList<>();
    for (int i = 0; i < files.length; i++) {
      documents.add(XmlReader.read("f" + i, files[i].getBytes(UTF_8)));
    }
    ImportPlan plan = AzureImport.plan(documents, jars);
    assertEquals(List.of(), plan.files());
    return plan.report().problems().stream().map(Notice::toString).toList();
  }

  @Test
  void variables_ofAProgram_comeFromTheNodeByAShell() throws Exception {
    assertEquals(
        """
        rolehost {
          deployment = "S"
        }
        roles {
          Worker {
            # WorkerRole in 33-variables-by-xpath.csdef:3
            endpoints {
              Http {
                port = 8090
                protocol = http
                host = "0.0.0.0"
              }
            }
            local-resources {
              Scratch {
                size = 64MiB
                clean-on-recycle = true
              }
            }
            env {
              EMULATED = "false"
              DEPLOYMENT = ${rolehost.deployment}
              FAULT = "0"
              ROLE = "Worker"
              SIZE = "64"
              PROTOCOL = "http"
              ADDRESS = "0.0.0.0"
            }
            command = ["sh", "-c", "export ID=\\"${ROLEHOST_ROLE_NAME}_IN_${ROLEHOST_INSTANCE}\\" \
        UPDATE=\\"$((ROLEHOST_INSTANCE % 5))\\" STORE=\\"${LOCAL_RESOURCE_SCRATCH}\\" \
        PORT_THERE=\\"${PORT_HTTP}\\"; exec \\"$@\\"", "sh", "./serve"]
            azure-runtime = true
            stop-grace = 5m
            working-directory = "Worker"
          }
        }
        """,
        corpus("33-variables-by-xpath", "azure.conf"));
    assertTrue(
        corpus("33-variables-by-xpath", "azure.33-variables-by-xpath.conf")
            .contains("SETTING = \"fast\""));
  }

  @Test
  void endpoints_ofAProgram_sayWhatItsRoleEnvironmentTells() throws Exception {
    assertTrue(
        corpus("22-endpoints-internal", "azure.conf")
            .contains(
                """
                    endpoints {
                      Dynamic {
                        port = auto
                        protocol = tcp
                        internal = true
                      }
                      Fixed {
                        port = 7000
                        protocol = http
                        internal = true
                      }
                      Range {
                        port = 7100
                        protocol = tcp
                        internal = true
                      }
                      Short {
                        port = 7200
                        protocol = udp
                        internal = true
                      }
                    }
                """));
    assertEquals(
        List.of("Mapped", "Mapped", "Different", "Mapped"),
        Corpus.plan("22-endpoints-internal").report().items().stream()
            .filter(item -> item.path().endsWith("/InternalEndpoint/@protocol"))
            .map(item -> item.outcome().getClass().getSimpleName())
            .toList());
  }

  @Test
  void endpoints_ofARole_tellOthersTheProtocol_andNoAddress() throws Exception {
    assertTrue(
        corpus("20-endpoints-input", "azure.conf")
            .contains(
                """
                      Udp {
                        port = 5353
                        protocol = udp
                      }
                """));
    assertEquals(
        new Outcome.Different(
            "the load balancer",
            "a server without 'check' in HAProxy gets traffic whatever its state"),
        outcome("20-endpoints-input", "/InputEndpoint/@ignoreRoleInstanceStatus"));
  }

  @Test
  void settings_ofAProgram_areThoseOfItsRoleEnvironment() throws Exception {
    assertTrue(
        corpus("12-settings-of-a-program", "azure.12-settings-of-a-program.conf")
            .contains(
                """
                    settings {
                      Queue {
                        Name = "q"
                      }
                      Poll-Seconds = "5"
                    }
                """));
  }

  @Test
  void probes_ofPrograms_areThoseOfTheNode() throws Exception {
    assertTrue(
        corpus("26-probe-http", "azure.conf")
            .contains(
                """
                    ready {
                      http {
                        path = "/health"
                        port = "Http"
                        interval = 5s
                        timeout = 11s
                      }
                    }
                """));
    assertTrue(
        corpus("27-probe-tcp-at-a-port", "azure.conf")
            .contains(
                """
                    ready {
                      port = 9999
                    }
                """));
    assertEquals(
        new Outcome.Mapped("roles.Worker.ready.http.interval"),
        outcome("26-probe-http", "/LoadBalancerProbe/@intervalInSeconds"));
    assertEquals(
        new Outcome.Mapped("roles.Worker.ready.http.timeout"),
        outcome("26-probe-http", "/LoadBalancerProbe/@timeoutInSeconds"));
    assertFalse(corpus("28-probe-of-a-role", "azure.conf").contains("ready"));
  }

  @Test
  void variable_byAPathThatIsNotKnown_isLeftOutAndTold() throws Exception {
    ImportPlan plan =
        imported(
            "<WorkerRole name='A'><Runtime><Environment><Variable name='V'><RoleInstanceValue"
                + " xpath='/RoleEnvironment/Nothing'/></Variable></Environment><EntryPoint>"
                + "<ProgramEntryPoint commandLine='./a'/></EntryPoint></Runtime></WorkerRole>");

    assertFalse(file(plan, "azure.conf").contains("V ="));
    assertEquals(
        List.of(
            "d:1:110: the variable 'V' is left out: the path /RoleEnvironment/Nothing is none that"
                + " is known"),
        plan.report().notices().stream().map(Notice::toString).toList());
  }

  private static Outcome outcome(String service, String end) throws IOException, UnreadableXml {
    return Corpus.plan(service).report().items().stream()
        .filter(item -> item.path().endsWith(end))
        .findFirst()
        .orElseThrow()
        .outcome();
  }

  private static String probed(String probe) throws UnreadableXml {
    ImportPlan plan =
        imported(
            "<LoadBalancerProbes><LoadBalancerProbe name='P' "
                + probe
                + "/></LoadBalancerProbes><WorkerRole name='A'><Runtime><EntryPoint>"
                + "<ProgramEntryPoint commandLine='./a'/></EntryPoint></Runtime><Endpoints>"
                + "<InputEndpoint name='E' port='70' loadBalancerProbe='P'/></Endpoints>"
                + "</WorkerRole>");
    List<Notice> problems = plan.report().problems();
    return problems.isEmpty()
        ? file(plan, "azure.conf").replaceFirst("(?s).*ready \\{(.*?)\\}.*", "$1").strip()
        : problems.stream().map(Notice::toString).toList().toString();
  }

  private static ImportPlan imported(String inside) throws UnreadableXml {
    String definition = "<ServiceDefinition name='S'>" + inside + "</ServiceDefinition>";
    String configuration =
        "<ServiceConfiguration serviceName='S'><Role name='A'><Instances count='1'/></Role>"
            + "</ServiceConfiguration>";
    return AzureImport.plan(
        List.of(
            XmlReader.read("d", definition.getBytes(UTF_8)),
            XmlReader.read("c", configuration.getBytes(UTF_8))),
        Map.of());
  }

  @Test
  void probe_withItsNumbers_isCheckedAsThereAndHasTheSameDefaults() throws Exception {
    assertEquals(
        """
        http {
                path = "/up"
                port = "E"
                interval = 15s
                timeout = 31s\
        """,
        probed("protocol='http' path='up'"));
    assertTrue(probed("protocol='HTTP' path='/' intervalInSeconds='40'").contains("timeout = 41s"));
    assertEquals(
        "[d:1:49: protocol of <LoadBalancerProbe>: expected http or tcp, found ftp]",
        probed("protocol='ftp'"));
    assertEquals(
        "[d:1:92: intervalInSeconds of <LoadBalancerProbe>: expected 5 to 100000, found 4,"
            + " d:1:114: timeoutInSeconds of <LoadBalancerProbe>: expected 11 to 100000, found 10]",
        probed("protocol='tcp' intervalInSeconds='4' timeoutInSeconds='10'"));
  }

  @Test
  void tasks_ofARole_keepTheirTypesAndTheirOrder() throws Exception {
    assertTrue(
        corpus("29-startup-three-types", "azure.conf")
            .contains(
                """
                    startup = [
                      {
                        name = "install-sh"
                        command = ["./install.sh", "--quiet"]
                        type = simple
                        timeout = 30m
                      }
                      {
                        name = "watch-sh"
                        command = ["./watch.sh"]
                        type = background
                      }
                      {
                        name = "flush-sh"
                        command = ["./flush.sh"]
                        type = foreground
                      }
                    ]
                """));
  }

  @Test
  void environments_eachHaveTheirNumbersAndSettings() throws Exception {
    ImportPlan plan = Corpus.plan("15-two-environments");

    assertEquals(
        List.of(
            "azure.conf",
            "azure.Cloud.conf",
            "solution.conf",
            "azure.Local.conf",
            "solution.Local.conf",
            "import-report.md",
            "import-report.json"),
        plan.files().stream().map(PlannedFile::name).toList());
  }

  @Test
  void commandLines_ofWindows_becomeWords() {
    record Case(String line, List<String> words, boolean windowsOnly) {}
    List<Case> cases =
        List.of(
            new Case("java -jar a.jar", List.of("java", "-jar", "a.jar"), false),
            new Case("JAVAW.EXE -version", List.of("java", "-version"), false),
            new Case("run.sh", List.of("./run.sh"), false),
            new Case("./java x", List.of("./java", "x"), false),
            new Case(".\\bin\\run.sh x", List.of("./bin/run.sh", "x"), false),
            new Case(
                "\"my dir\\run\" \"a \\\"b\\\" c\"", List.of("./my dir/run", "a \"b\" c"), false),
            new Case("a \"\" b", List.of("a", "", "b"), false),
            new Case("setup.cmd /q", List.of("./setup.cmd", "/q"), true),
            new Case("cmd /c dir", List.of("cmd", "/c", "dir"), true),
            new Case(
                "powershell.exe -File x.ps1", List.of("powershell.exe", "-File", "x.ps1"), true),
            new Case("%JAVA_HOME%\\bin\\java -x", List.of("./%JAVA_HOME%/bin/java", "-x"), true),
            new Case("C:\\tools\\x", List.of("C:/tools/x"), true),
            new Case("   ", List.of(), false));
    for (Case one : cases) {
      assertEquals(
          new CommandWords(one.words(), one.windowsOnly()), CommandWords.of(one.line(), ""));
    }
    assertEquals(List.of("./bin/go.cmd"), CommandWords.of("go.cmd", "bin").words());
  }

  @Test
  void secrets_byNameOrForm_areFound() {
    record Case(String name, String value, boolean secret) {}
    List<Case> cases =
        List.of(
            new Case("DataConnectionString", "x=y", true),
            new Case("StorageKey", "abc", true),
            new Case("AdminPassword", "abc", true),
            new Case("Any", "AccountName=a;AccountKey=b", true),
            new Case("Any", "Server=s;User ID=u;Password = p", true),
            new Case("Any", "amqps://user:word@host/", true),
            new Case("Any", "https://h/c?sv=1&sig=abc", true),
            new Case("Any", "-----BEGIN PRIVATE KEY-----", true),
            new Case("Any", "bm90IGEgcmVhbCBrZXkgYnV0IG9mIHRoZSBzYW1lIGxlbmd0aA==", true),
            new Case("QueueName", "photos", false),
            new Case("Url", "https://example.org/a:b", false),
            new Case("DataConnectionString", "UseDevelopmentStorage=true", false),
            new Case("AdminPassword", "", false));
    for (Case one : cases) {
      assertEquals(one.secret(), Secretive.is(one.name(), one.value()), one::toString);
    }
  }

  @Test
  void files_thatAreWrong_haveAllProblemsTold() throws Exception {
    assertEquals(
        List.of(
            "f0:2:1: there are two roles 'A': rename one of them",
            "f1:1:1: serviceName is 'T', and the definition is of 'S': they belong to different"
                + " services, or one of them is misspelt",
            "f1:3:1: role 'A' is there twice: take one out",
            "f1:2:27: count of <Instances>: expected 0 to 1000, found many",
            "--jar names the role 'Nobody', and the definition has [A]",
            "f0:1:85: port of <InputEndpoint>: expected 1 to 65535, found 70000",
            "f0:1:111: <LocalStorage> has no name: give it one"),
        problems(
            Map.of("Nobody", "x.jar"),
            "<ServiceDefinition name='S'><WorkerRole name='A'><Endpoints><InputEndpoint name='E'"
                + " port='70000'/></Endpoints><LocalStorage/></WorkerRole>\n"
                + "<WebRole name='A'/></ServiceDefinition>",
            """
            <ServiceConfiguration osFamily='4' serviceName='T'>
            <Role name='A'><Instances count='many'/></Role>
            <Role name='A'/></ServiceConfiguration>\
            """));
  }

  @Test
  void files_ofTheWrongKindOrNumber_areRefused() throws Exception {
    String definition = "<ServiceDefinition name='S'><WorkerRole name='A'/></ServiceDefinition>";
    String configuration =
        "<ServiceConfiguration serviceName='S'><Role name='A'><Instances count='1'/></Role>"
            + "</ServiceConfiguration>";
    assertEquals(
        List.of(
            "there is no service configuration among the files: name the .cscfg too, it has the"
                + " numbers of instances and the values of settings"),
        problems(Map.of(), definition));
    assertEquals(
        List.of("there is no service definition among the files: name the .csdef too"),
        problems(Map.of(), configuration));
    assertEquals(
        List.of(
            "f2:1:1: expected <ServiceDefinition> or <ServiceConfiguration>, found <project>",
            "f1:1:1: there are two service definitions: import one at a time"),
        problems(Map.of(), definition, definition, "<project/>", configuration));
    assertEquals(
        List.of(
            "f0:1:1: its namespace is urn:other; expected one that begins with"
                + " http://schemas.microsoft.com/ServiceHosting/"),
        problems(
            Map.of(),
            "<ServiceDefinition xmlns='urn:other' name='S'><WorkerRole name='A'/>"
                + "</ServiceDefinition>",
            configuration));
  }
}
