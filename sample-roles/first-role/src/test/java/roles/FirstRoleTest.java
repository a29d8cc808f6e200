package roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FirstRoleTest {

  @Test
  void sentence_ofThirdTime_saysSo() {
    assertEquals("hello, for the 3. time", FirstRole.sentence("hello", 3));
  }
}
