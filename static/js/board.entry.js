// The waiting board: hangs on a wall for months, so everything here comes back by itself.
import { startBoard } from "./board/wall.js";

const board = document.getElementById("board");
if (board) startBoard(board);
