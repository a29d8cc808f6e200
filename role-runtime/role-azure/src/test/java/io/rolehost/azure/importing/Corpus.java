package io.rolehost.azure.importing;

import io.rolehost.azure.xml.UnreadableXml;
import io.rolehost.azure.xml.XmlDocument;
import io.rolehost.azure.xml.XmlReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The services written for these tests: each is small and has something that no other has. */
final class Corpus {

  private Corpus() {}

  /** Returns the files of each service, the definition first. */
  static Map<String, List<Path>> services() {
    try (Stream<Path> all = Files.list(Path.of(Corpus.class.getResource("/corpus").toURI()))) {
      Map<String, List<Path>> services = new TreeMap<>();
      for (Path file : all.sorted().toList()) {
        String name = file.getFileName().toString();
        List<Path> files =
            services.computeIfAbsent(name.substring(0, name.indexOf('.')), _ -> new ArrayList<>());
        if (name.endsWith(".csdef")) {
          files.addFirst(file);
        } else {
          files.add(file);
        }
      }
      return services;
    } catch (IOException | URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static List<Path> files(String service) {
    return services().getOrDefault(service, List.of());
  }

  static List<XmlDocument> read(List<Path> files) throws IOException, UnreadableXml {
    List<XmlDocument> documents = new ArrayList<>();
    for (Path file : files) {
      documents.add(XmlReader.read(file.getFileName().toString(), Files.readAllBytes(file)));
    }
    return documents;
  }

  static ImportPlan plan(String service) throws IOException, UnreadableXml {
    return AzureImport.plan(read(files(service)), Map.of());
  }
}
