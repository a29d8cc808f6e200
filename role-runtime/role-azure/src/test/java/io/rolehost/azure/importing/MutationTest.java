package io.rolehost.azure.importing;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.azure.xml.UnreadableXml;
import io.rolehost.azure.xml.XmlDocument;
import io.rolehost.node.solution.SolutionReader;
import io.rolehost.node.solution.SolutionReader.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;

/** Services that somebody, or something, has damaged. */
final class MutationTest {
  private static final Surroundings SURROUNDINGS =
      new Surroundings(Map.of(), Map.of(), Path.of("").toAbsolutePath(), false, 1);
  private static final List<String> VALUES =
      List.of(
          "",
          " ",
          "0",
          "-1",
          "65536",
          "999999999999",
          "*",
          "true",
          "a b",
          "é\"<&>'",
          "${x}",
          "../../etc",
          "x".repeat(70_000),
          "line\nline",
          "\u2028",
          "ROLEHOST_NODE",
          "rolehost");

  @TempDir Path folder;

  private int imported;
  private int refused;
  private int unreadable;

  @Test
  void services_damagedInManyWays_areImportedOrRefusedAndLoseNothing() throws Exception {
    run(300, 20_261_127);
    assertTrue(imported > 60 && refused > 20 && unreadable > 20, this::counts);
  }

  @Test
  @Tag("long")
  void services_damagedInThousandsOfWays_areImportedOrRefusedAndLoseNothing() throws Exception {
    run(8_000, 4_711);
    assertTrue(imported > 2_000 && refused > 400 && unreadable > 400, this::counts);
  }

  private String counts() {
    return imported + " imported, " + refused + " refused, " + unreadable + " unreadable";
  }

  private void run(int times, long seed) throws Exception {
    List<List<Path>> services = List.copyOf(Corpus.services().values());
    Random random = new Random(seed);
    for (int i = 0; i < times; i++) {
      List<Path> files = services.get(i % services.size());
      Path damaged = Files.createDirectory(folder.resolve("s" + i));
      List<Path> written = new ArrayList<>();
      int which = random.nextInt(files.size());
      for (int f = 0; f < files.size(); f++) {
        byte[] bytes = Files.readAllBytes(files.get(f));
        written.add(
            Files.write(
                damaged.resolve(files.get(f).getFileName().toString()),
                f == which ? damage(bytes, random) : bytes));
      }
      try {
        check(written, damaged);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "seed " + seed + ", number " + i + ": " + Files.readString(written.get(which)), e);
      }
    }
  }

  private void check(List<Path> files, Path damaged) throws Exception {
    List<XmlDocument> documents;
    try {
      documents = Corpus.read(files);
    } catch (UnreadableXml e) {
      unreadable++;
      assertTrue(e.sentence().matches("(?s)\\d\\d-[^:]*:\\d+:\\d+: .+"), e::sentence);
      assertFalse(e.sentence().contains("\n"), e::sentence);
      return;
    }
    ImportPlan plan = AzureImport.plan(documents, Map.of());
    CorpusTest.assertFound(files, plan.report());
    if (!plan.report().problems().isEmpty()) {
      refused++;
      assertEquals(List.of(), plan.files());
      return;
    }
    imported++;
    Path out = damaged.resolve("out");
    List<ImportFolder.Done> _ = ImportFolder.write(plan, out, false);
    for (String role : plan.folders()) {
      Path _ = Files.writeString(out.resolve(role).resolve(role + ".jar"), "a jar");
    }
    for (ImportReport.Input input : plan.report().inputs()) {
      if (!input.solution().isEmpty()) {
        var _ = SolutionReader.read(out.resolve(input.solution()), SURROUNDINGS);
      }
    }
  }

  private static byte[] damage(byte[] bytes, Random random) throws Exception {
    return switch (random.nextInt(10)) {
      case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> {
        byte[] other = bytes.clone();
        other[random.nextInt(other.length)] = (byte) random.nextInt(256);
        yield other;
      }
      case 2 -> again(bytes, random.nextBoolean() ? UTF_16 : UTF_16LE);
      default -> tree(bytes, random);
    };
  }

  private static byte[] again(byte[] bytes, Charset charset) throws Exception {
    Document document = parse(bytes);
    String text = new String(render(document), UTF_8);
    return text.getBytes(charset);
  }

  private static byte[] tree(byte[] bytes, Random random) throws Exception {
    Document document = parse(bytes);
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times; i++) {
      mutate(document, random);
    }
    return render(document);
  }

  private static void mutate(Document document, Random random) {
    NodeList all = document.getElementsByTagName("*");
    Element element = (Element) all.item(random.nextInt(all.getLength()));
    NamedNodeMap attributes = element.getAttributes();
    boolean root = element.isSameNode(document.getDocumentElement());
    int kind = random.nextInt(9);
    if (kind < 5 && attributes.getLength() > 0) {
      String name = attributes.item(random.nextInt(attributes.getLength())).getNodeName();
      String value = element.getAttribute(name);
      if (name.startsWith("xmlns")) {
        return;
      }
      switch (kind) {
        case 0 -> element.removeAttribute(name);
        case 1 -> {
          element.removeAttribute(name);
          element.setAttribute(name + "X", value);
        }
        case 2 -> element.setAttribute(name, value + value);
        default -> element.setAttribute(name, VALUES.get(random.nextInt(VALUES.size())));
      }
      return;
    }
    switch (kind) {
      case 5 -> {
        if (!root) {
          var _ = element.getParentNode().removeChild(element);
        }
      }
      case 6 -> {
        if (!root) {
          var _ = element.getParentNode().insertBefore(element.cloneNode(true), element);
        }
      }
      case 7 -> {
        Element odd = document.createElement("odd:Thing");
        odd.setAttribute("xmlns:odd", "urn:odd:" + random.nextInt(5));
        odd.setAttribute("name", "x");
        var _ = element.appendChild(odd);
      }
      default -> {
        // into another place: what a person moves by mistake
        Element other = (Element) all.item(random.nextInt(all.getLength()));
        if (!root) {
          var _ = other.appendChild(element.cloneNode(true));
        }
      }
    }
  }

  private static Document parse(byte[] bytes) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setNamespaceAware(false);
    return factory.newDocumentBuilder().parse(Nodes.source(bytes));
  }

  private static byte[] render(Document document) throws Exception {
    Transformer transformer = TransformerFactory.newDefaultInstance().newTransformer();
    transformer.setOutputProperty(OutputKeys.ENCODING, "UTF-8");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    transformer.transform(new DOMSource(document), new StreamResult(out));
    return out.toByteArray();
  }

  @Test
  void file_withEachByteCutOff_isRefusedWithOneSentence() throws IOException {
    byte[] bytes = Files.readAllBytes(Corpus.files("20-endpoints-input").getFirst());
    for (int length = 0; length < bytes.length - 2; length++) {
      Path file = folder.resolve("20-cut.csdef");
      Path _ = Files.write(file, Arrays.copyOf(bytes, length));
      String said = "";
      try {
        var _ = Corpus.read(List.of(file));
      } catch (UnreadableXml e) {
        said = e.sentence();
      }
      assertTrue(said.startsWith("20-cut.csdef:"), length + ": " + said);
    }
  }
}
