import { render } from "preact";
import "./styles/font.css";
import "uplot/dist/uPlot.min.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/parts.css";
import "./styles/pages.css";
import "./app/keys";
import { Gate } from "./app/gate";
import { Shell } from "./view/shell";

const root = document.getElementById("app")!;
root.textContent = "";
render(<Gate><Shell /></Gate>, root);
