using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace M3.Adaptive.Store.Schema.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Trials : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "alias",
                table: "decisions",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<double>(
                name: "alias_propensity",
                table: "decisions",
                type: "REAL",
                nullable: false,
                defaultValue: 1.0);

            migrationBuilder.AddColumn<string>(
                name: "shadow",
                table: "decisions",
                type: "TEXT",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "alias",
                table: "decisions");

            migrationBuilder.DropColumn(
                name: "alias_propensity",
                table: "decisions");

            migrationBuilder.DropColumn(
                name: "shadow",
                table: "decisions");
        }
    }
}
