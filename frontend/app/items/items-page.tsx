export default function ItemsPage(_: { id?: number; openId?: string }) {
  return (
    <main id="main" className="page">
      <h1>Items</h1>
    </main>
  );
}
