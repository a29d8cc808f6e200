package io.rolehost.node.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rolehost.node.azure.CurrentState.Acquired;
import io.rolehost.node.azure.CurrentState.Malformed;
import io.rolehost.node.azure.CurrentState.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a process says of itself, whoever wrote it. */
final class CurrentStateTest {

  private static String acquire(String status, String expiration) {
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?><CurrentState><StatusLease ClientId=\"id\">"
        + "<Acquire><Incarnation>7</Incarnation><Status>"
        + status
        + "</Status><StatusDetail>x</StatusDetail><Expiration>"
        + expiration
        + "</Expiration></Acquire></StatusLease></CurrentState>";
  }

  private static CurrentState read(String document) throws Malformed {
    return CurrentState.read(document.getBytes(UTF_8));
  }

  private static String problem(String document) {
    return String.valueOf(assertThrows(Malformed.class, () -> read(document)).getMessage());
  }

  @Test
  void acquire_withAnyFormOfTime_isUnderstood() throws Malformed {
    Instant noon = Instant.parse("2027-03-31T12:00:00Z");
    for (String word :
        List.of("2027-03-31T12:00:00Z", "2027-03-31T14:00:00.000+02:00", "2027-03-31T12:00:00")) {
      assertEquals(
          new CurrentState("id", Optional.of(new Acquired(Status.BUSY, Optional.of(noon)))),
          read(acquire("Busy", word)));
    }
    assertEquals(
        new CurrentState("id", Optional.of(new Acquired(Status.RECYCLE, Optional.empty()))),
        read(acquire("Recycle", "9999-12-31T23:59:59.9999999")));
    assertEquals(
        Optional.of(new Acquired(Status.STOPPED, Optional.empty())),
        read(acquire("Stopped", "9999-12-31T23:59:59.999Z")).acquired());
  }

  @Test
  void release_isUnderstood() throws Malformed {
    assertEquals(
        new CurrentState("id", Optional.empty()),
        read("\n<CurrentState><StatusLease ClientId='id'><Release/></StatusLease></CurrentState>"));
  }

  @Test
  void document_thatIsHostile_isRefusedWithASentence() {
    assertEquals("it is not the XML that is expected", problem("garbage"));
    assertEquals("it is not the XML that is expected", problem(""));
    assertEquals("it has no CurrentState/StatusLease with a ClientId", problem("<CurrentState/>"));
    assertEquals(
        "it has no CurrentState/StatusLease with a ClientId",
        problem(
            acquire("Busy", "2027-03-31T12:00:00Z")
                .replace("\"id\"", '"' + "x".repeat(129) + '"')));
    assertEquals(
        "its status is none of Started, Busy, Recycle and Stopped",
        problem(acquire("Maybe", "2027-03-31T12:00:00Z")));
    assertEquals(
        "its Expiration is no time such as 2027-03-31T12:00:00Z", problem(acquire("Busy", "soon")));
    assertEquals("its elements are nested too deep", problem("<a>".repeat(20) + "</a>".repeat(20)));
    assertEquals(
        "it has two elements StatusLease",
        problem(
            "<CurrentState><StatusLease ClientId='a'/><StatusLease ClientId='b'/></CurrentState>"));
    assertEquals("it is longer than 16384 bytes", problem(" ".repeat(16_385)));
    assertThrows(
        Malformed.class,
        () ->
            read(
                "<!DOCTYPE CurrentState [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
                    + acquire("&e;", "2027-03-31T12:00:00Z")));
    assertThrows(
        Malformed.class,
        () ->
            read(
                "<!DOCTYPE lolz [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>"
                    + acquire("&b;", "2027-03-31T12:00:00Z")));
  }

  @Test
  void document_mutatedAnyHow_isReadOrRefused_andNothingElse() {
    Random random = new Random(1);
    byte[] good = acquire("Busy", "2027-03-31T12:00:00Z").getBytes(UTF_8);
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      byte[] bad = good.clone();
      for (int j = 0; j < 1 + i % 5; j++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        CurrentState read = CurrentState.read(bad);
        assertEquals(1, read.clientId().isEmpty() ? 0 : 1);
      } catch (Malformed e) {
        refused++;
      }
    }
    assertEquals(true, refused > 1_000, refused + " of 2000");
  }

  @Test
  void stream_inAnyPieces_givesItsDocuments_andWhatIsTooLongIsOne() {
    String one = acquire("Busy", "2027-03-31T12:00:00Z");
    String two = "</CurrentState</CurrentState>";
    String long1 = "x".repeat(50_000) + "</CurrentState>";
    byte[] all = (one + two + long1 + one).getBytes(UTF_8);
    for (int piece : new int[] {1, 2, 7, 100, all.length}) {
      DocumentSplitter splitter = new DocumentSplitter();
      List<Integer> lengths = new ArrayList<>();
      for (int at = 0; at < all.length; at += piece) {
        int length = Math.min(piece, all.length - at);
        byte[] part = java.util.Arrays.copyOfRange(all, at, at + length);
        splitter.accept(part, length).forEach(document -> lengths.add(document.length));
      }
      assertEquals(
          List.of(one.length(), two.length(), CurrentState.MAX_BYTES + 1, one.length()), lengths);
    }
  }
}
