export function TimelinePage(_: { id: number }) {
  return (
    <main id="main" className="page">
      <h1>Timeline</h1>
    </main>
  );
}
