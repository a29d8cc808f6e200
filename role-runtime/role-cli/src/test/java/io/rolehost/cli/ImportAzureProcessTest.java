package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Role;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** From the files of a cloud service to its roles, ready. */
final class ImportAzureProcessTest {
  private static final String READY = " ready [0-9.]+ s after its start";

  @TempDir Path folder;

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void service_withAProgramAndARole_isImportedAndBothAreReady() throws Exception {
    Path jar = folder.resolve("web.jar");
    writeJar(jar);
    int port = freePort();
    Path definition = Files.writeString(folder.resolve("Photos.csdef"), definition(port));
    Path configuration =
        Files.writeString(folder.resolve("ServiceConfiguration.Cloud.cscfg"), CONFIGURATION);
    Path out = folder.resolve("out");
    Path program = Files.createDirectories(out.resolve("Runner"));
    script(program.resolve("prepare.sh"), "echo $KIND of $OWNER >prepared-$ROLEHOST_INSTANCE");
    script(
        program.resolve("run.sh"),
        // As a program in any language does: by the protocol alone.
        "goals=$(sed -n 's:.* path=\"\\([^\"]*\\)\".*:\\1:p' \"$WaRuntimeEndpoint\")\n"
            + "exec 3<\"$goals\"\n"
            + "while read -r line; do case $line in *RoleEnvironmentPath*) break;; esac; done <&3\n"
            + "exec 3<&-\n"
            + "document=$(echo \"$line\" | sed 's:.*<RoleEnvironmentPath>::;s:<.*::')\n"
            + "mode=$(sed 's:.*name=\"Mode\" value=\"::;s:\".*::' \"$document\" | tail -1)\n"
            + "echo \"$OWNER in domain $DOMAIN of $DEPLOYMENT, mode $mode, words $1, after"
            + " $(cat prepared-$ROLEHOST_INSTANCE), store $(test -w \"$STORE\" && echo open)\"\n"
            + "exec sleep 1000");

    Said said =
        Said.by(
            "import",
            "azure",
            definition.toString(),
            configuration.toString(),
            "-o",
            out.toString(),
            "--jar",
            "Web=" + jar);

    assertEquals(0, said.code(), said.err());
    assertTrue(said.out().endsWith("next:  rolehost up " + out + "/solution.conf\n"), said.out());
    // As a person edits it; the class path of this test may have other roles.
    Path _ =
        Files.writeString(
            out.resolve("solution.conf"),
            "roles.Web.settings.rolehost.role.class = " + ImportedRole.class.getName() + "\n",
            StandardOpenOption.APPEND);
    try (RunningNode node = RunningNode.start(out)) {
      for (String id : new String[] {"Runner_IN_0", "Runner_IN_1"}) {
        var _ =
            node.await(
                0,
                id
                    + ".*"
                    + id
                    + " in domain "
                    + id.charAt(id.length() - 1)
                    + " of Photos, mode fast, words a b, after quiet of "
                    + id
                    + ", store open");
        var _ = node.await(0, id + READY);
      }
      var _ = node.await(0, "Web_IN_0" + READY);
      try (HttpClient client = HttpClient.newHttpClient()) {
        assertEquals(
            "/srv/photos",
            client
                .send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(),
                    BodyHandlers.ofString())
                .body());
      }
      assertEquals(
          "AccountName=a;AccountKey=b AB12",
          Files.readString(out.resolve(".rolehost/local/Web_IN_0/Scratch/seen")));
    }
  }

  private static String definition(int port) {
    return """
    <ServiceDefinition name="Photos" upgradeDomainCount="2"
        xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition">
      <WebRole name="Web">
        <Startup><Task commandLine="true" taskType="simple" /></Startup>
        <Endpoints><InputEndpoint name="Http" protocol="http" port="%d" /></Endpoints>
        <LocalResources><LocalStorage name="Scratch" sizeInMB="10" /></LocalResources>
        <ConfigurationSettings>
          <Setting name="Photos.Folder" /><Setting name="DataConnectionString" />
          <Setting name="Freeze" />
        </ConfigurationSettings>
        <Certificates><Certificate name="Site" /></Certificates>
      </WebRole>
      <WorkerRole name="Runner">
        <Startup>
          <Task commandLine="prepare.sh" taskType="simple">
            <Environment>
              <Variable name="KIND" value="quiet" />
              <Variable name="OWNER"><RoleInstanceValue
                xpath="/RoleEnvironment/CurrentInstance/@id" /></Variable>
            </Environment>
          </Task>
        </Startup>
        <Runtime>
          <Environment>
            <Variable name="OWNER"><RoleInstanceValue
              xpath="/RoleEnvironment/CurrentInstance/@id" /></Variable>
            <Variable name="DOMAIN"><RoleInstanceValue
              xpath="/RoleEnvironment/CurrentInstance/@updateDomain" /></Variable>
            <Variable name="DEPLOYMENT"><RoleInstanceValue
              xpath="/RoleEnvironment/Deployment/@id" /></Variable>
            <Variable name="STORE"><RoleInstanceValue
              xpath="/RoleEnvironment/CurrentInstance/LocalResources/LocalResource[@name='S']/@path"
              /></Variable>
          </Environment>
          <EntryPoint>
            <ProgramEntryPoint commandLine="run.sh &quot;a b&quot;" setReadyOnProcessStart="true" />
          </EntryPoint>
        </Runtime>
        <LocalResources><LocalStorage name="S" /></LocalResources>
        <ConfigurationSettings><Setting name="Mode" /></ConfigurationSettings>
      </WorkerRole>
    </ServiceDefinition>
    """
        .formatted(port);
  }

  private static final String CONFIGURATION =
      """
      <ServiceConfiguration serviceName="Photos">
        <Role name="Web">
          <Instances count="1" />
          <ConfigurationSettings>
            <Setting name="Photos.Folder" value="/srv/photos" />
            <Setting name="DataConnectionString" value="AccountName=a;AccountKey=b" />
            <Setting name="Freeze" value="false" />
          </ConfigurationSettings>
          <Certificates><Certificate name="Site" thumbprint="AB12" /></Certificates>
        </Role>
        <Role name="Runner">
          <Instances count="2" />
          <ConfigurationSettings><Setting name="Mode" value="fast" /></ConfigurationSettings>
        </Role>
      </ServiceConfiguration>
      """;

  private static void script(Path file, String text) throws IOException {
    Path _ = Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** A jar that runs the role of this test by the class path of this test. */
  private static void writeJar(Path file) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, "io.rolehost.runtime.RoleHost");
    main.put(
        Attributes.Name.CLASS_PATH,
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains("sample-roles")) // they bring settings of their own
            .map(entry -> Path.of(entry).toAbsolutePath().toUri().toString())
            .collect(Collectors.joining(" ")));
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      jar.putNextEntry(new JarEntry("META-INF/services/" + Role.class.getName()));
      jar.write((ImportedRole.class.getName() + "\n").getBytes(UTF_8));
    }
  }
}
