package io.rolehost.azure.xml;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class XmlReaderTest {
  private static final String ROOT = "<A b='ä'/>";

  private static XmlDocument read(String text) throws UnreadableXml {
    return XmlReader.read("f.xml", text.getBytes(UTF_8));
  }

  private static String refusal(byte[] bytes) {
    return assertThrows(UnreadableXml.class, () -> XmlReader.read("f.xml", bytes)).sentence();
  }

  private static String refusal(String text) {
    return refusal(text.getBytes(UTF_8));
  }

  private static byte[] marked(int[] mark, String text, Charset charset) {
    byte[] rest = text.getBytes(charset);
    byte[] all = new byte[mark.length + rest.length];
    for (int i = 0; i < mark.length; i++) {
      all[i] = (byte) mark[i];
    }
    System.arraycopy(rest, 0, all, mark.length, rest.length);
    return all;
  }

  @Test
  void read_eachEncoding_givesTheSameText() throws Exception {
    int[] none = {};
    List<byte[]> files =
        List.of(
            marked(none, ROOT, UTF_8),
            marked(new int[] {0xEF, 0xBB, 0xBF}, ROOT, UTF_8),
            marked(
                new int[] {0xFF, 0xFE}, "<?xml version='1.0' encoding='utf-16'?>" + ROOT, UTF_16LE),
            marked(new int[] {0xFE, 0xFF}, ROOT, UTF_16BE),
            marked(none, "<?xml version='1.0' encoding='UTF-16'?>" + ROOT, UTF_16LE),
            marked(none, "<?xml version='1.0' encoding='UTF-16'?>" + ROOT, UTF_16BE),
            // what an editor saved as something else than it says
            marked(none, "<?xml version=\"1.0\" encoding=\"utf-16\"?>" + ROOT, UTF_8),
            marked(none, "<?xml version='1.0' encoding='iso-8859-1'?>" + ROOT, ISO_8859_1),
            marked(none, "<?xml version='1.0' encoding='Windows-1252'?>" + ROOT, ISO_8859_1));
    for (byte[] file : files) {
      assertEquals("ä", XmlReader.read("f.xml", file).root().value("b").orElse(""));
    }
  }

  @Test
  void read_anything_knowsWhereItBegins() throws Exception {
    XmlDocument document =
        read(
            "<?xml version='1.0'?>\n<!-- <no/> -->\r\n<A\n  b = '>'\r  x:c=\"1\" xmlns:x='u'>\n"
                + "<![CDATA[<no>]]><x:B/> <C>\ntext</C></A>");

    List<String> found = new ArrayList<>();
    document.root().forEach(node -> found.add(node.place() + " " + node.path()));

    assertEquals(
        List.of(
            "f.xml:3:1 /A",
            "f.xml:5:11 /A/@xmlns:x",
            "f.xml:4:3 /A/@b",
            "f.xml:5:3 /A/@x:c",
            "f.xml:3:1 /A/text()",
            "f.xml:6:17 /A/x:B",
            "f.xml:6:24 /A/C",
            "f.xml:6:24 /A/C/text()"),
        found);
    assertEquals(1, document.comments());
  }

  @Test
  void read_hostileXml_isRefusedWithItsPlaceInOneSentence() {
    String entity = refusal("<?xml version='1.0'?>\n<!DOCTYPE A [<!ENTITY e 'x'>]><A>&e;</A>");
    assertTrue(
        entity.matches(
            "f\\.xml:2:\\d+: refused: a document type \\(<!DOCTYPE\\) is not read: take it out"),
        entity);
    assertTrue(refusal("<!DOCTYPE A SYSTEM 'file:///etc/passwd'><A/>").contains("document type"));
    String laughs =
        "<!DOCTYPE A [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'><!ENTITY c '&b;&b;&b;'>]><A>&c;</A>";
    assertTrue(refusal(laughs).contains("document type"), () -> refusal(laughs));
    assertTrue(refusal("<A>&own;</A>").startsWith("f.xml:1:"), () -> refusal("<A>&own;</A>"));
    assertEquals(
        "more than 64 elements inside each other",
        refusal("<A>".repeat(5_000)).replaceFirst("f.xml:1:\\d+: refused: ", ""));
    StringBuilder wide = new StringBuilder("<A");
    for (int i = 0; i < 150; i++) {
      wide.append(" a").append(i).append("=''");
    }
    assertEquals(
        "an element with more than 128 attributes",
        refusal(wide + "/>").replaceFirst("f.xml:1:\\d+: refused: ", ""));
    assertEquals(
        "more than 100000 elements",
        refusal("<A>" + "<B/>".repeat(100_001) + "</A>")
            .replaceFirst("f.xml:1:\\d+: refused: ", ""));
    assertEquals(
        "f.xml:1:1: it has 4194305 bytes; expected a service definition or configuration, of at"
            + " most 4194304",
        refusal(new byte[XmlReader.MOST_BYTES + 1]));
  }

  @Test
  void read_whatIsNoXml_saysWhereAndWhy() {
    assertTrue(refusal("").startsWith("f.xml:1:1: it is no XML: "), () -> refusal(""));
    assertTrue(refusal("<A>\n<B></A>").startsWith("f.xml:2:"), () -> refusal("<A>\n<B></A>"));
    assertEquals(
        "f.xml:2:3: from here on it is not UTF-8: save it as UTF-8",
        refusal(marked(new int[] {}, "<A>\n<Bä/></A>", ISO_8859_1)));
    assertEquals(
        "f.xml:1:1: its encoding is said to be EBCDIC; expected UTF-8 or UTF-16: save it as one of"
            + " these",
        refusal("<?xml version='1.0' encoding='EBCDIC'?><A/>"));
  }
}
